package dev.chrysalis.redis.agent.files;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/// Where something is restored.
///
/// @param data the server's `dir`, empty or missing
/// @param configuration what its server will read
/// @param server the release of the server that is to start on it; empty where that is not known:
///   then files are laid down that every release takes
/// @param address where its server would answer, which must not; empty where it has none
public record RestoreTarget(
    Path data,
    ConfigurationFile configuration,
    Optional<RedisVersion> server,
    Optional<InetSocketAddress> address) {}
