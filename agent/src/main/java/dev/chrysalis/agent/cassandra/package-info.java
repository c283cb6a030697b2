/// `agent cassandra …`: what an agent does beside a node of Cassandra.
@NullMarked
package dev.chrysalis.agent.cassandra;

import org.jspecify.annotations.NullMarked;
