/// Loads tables into a ring with Cassandra's own classes: the program of one process, which
/// `LoadProcess` of the agent starts. It knows nothing of the rest of Chrysalis.
@NullMarked
package dev.chrysalis.bulkloader;

import org.jspecify.annotations.NullMarked;
