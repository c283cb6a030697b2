/// Some keys of a restore point, brought back beside the living data.
@NullMarked
package dev.chrysalis.redis.agent.keys;

import org.jspecify.annotations.NullMarked;
