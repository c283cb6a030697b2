/// Real Cassandra servers for tests.
@NullMarked
package dev.chrysalis.cassandra.server;

import org.jspecify.annotations.NullMarked;
