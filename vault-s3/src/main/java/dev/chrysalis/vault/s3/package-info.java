/// A vault's objects in S3, or in what speaks its protocol.
@NullMarked
package dev.chrysalis.vault.s3;

import org.jspecify.annotations.NullMarked;
