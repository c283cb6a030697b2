@NullMarked
package dev.chrysalis.agent.redis;

import org.jspecify.annotations.NullMarked;
