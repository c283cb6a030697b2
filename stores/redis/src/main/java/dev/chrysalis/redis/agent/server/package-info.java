/// Speaks with a Redis server, or a Sentinel, and looks at what lies on its volume.
@NullMarked
package dev.chrysalis.redis.agent.server;

import org.jspecify.annotations.NullMarked;
