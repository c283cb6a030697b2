/// Everything that is written to a Redis member's volume: its configuration, and what is restored.
@NullMarked
package dev.chrysalis.redis.agent.files;

import org.jspecify.annotations.NullMarked;
