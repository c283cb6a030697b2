/// `agent redis …`: what an agent can do for a Redis server or its Sentinel, ours or anybody's.
@NullMarked
package dev.chrysalis.agent.redis;

import org.jspecify.annotations.NullMarked;
