/// The controller's half of Cassandra: what a ring's state means, and which steps bring it back.
@NullMarked
package dev.chrysalis.cassandra.control;

import org.jspecify.annotations.NullMarked;
