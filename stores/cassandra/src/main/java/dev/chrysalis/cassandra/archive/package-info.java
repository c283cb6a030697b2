/// What the vault holds of a ring.
@NullMarked
package dev.chrysalis.cassandra.archive;

import org.jspecify.annotations.NullMarked;
