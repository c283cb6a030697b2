/// Loads tables into a ring by streaming, where its nodes cannot be given their own files: another
/// number of nodes, one table beside the living ones, files that somebody copied by hand.
@NullMarked
package dev.chrysalis.cassandra.agent.load;

import org.jspecify.annotations.NullMarked;
