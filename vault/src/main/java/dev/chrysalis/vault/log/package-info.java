/// Logs and records: small sealed objects that exactly one of many writers creates.
@NullMarked
package dev.chrysalis.vault.log;

import org.jspecify.annotations.NullMarked;
