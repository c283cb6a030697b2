/// The formats of Redis's files: commands of an append-only file, its manifest, and RDB. Content is
/// only ever read as a stream.
@NullMarked
package dev.chrysalis.redis.agent.aof;

import org.jspecify.annotations.NullMarked;
