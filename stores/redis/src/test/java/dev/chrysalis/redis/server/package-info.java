/// Real Redis servers and Sentinels for tests.
@NullMarked
package dev.chrysalis.redis.server;

import org.jspecify.annotations.NullMarked;
