/// What a node says of itself and of the ring, over JMX.
@NullMarked
package dev.chrysalis.cassandra.agent.server;

import org.jspecify.annotations.NullMarked;
