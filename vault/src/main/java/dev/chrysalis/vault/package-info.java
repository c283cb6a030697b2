/// The vault: snapshots, logs and small records in one bucket, deduplicated, sealed and
/// authenticated.
@NullMarked
package dev.chrysalis.vault;

import org.jspecify.annotations.NullMarked;
