/// Apache Cassandra 4.0 to 5.0: a ring of nodes, each with its own files.
@NullMarked
package dev.chrysalis.cassandra;

import org.jspecify.annotations.NullMarked;
