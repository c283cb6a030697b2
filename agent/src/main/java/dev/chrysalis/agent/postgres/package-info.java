/// `agent postgres …`: what an agent can do for a PostgreSQL server, ours or anybody's.
@NullMarked
package dev.chrysalis.agent.postgres;

import org.jspecify.annotations.NullMarked;
