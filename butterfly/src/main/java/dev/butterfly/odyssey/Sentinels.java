package dev.butterfly.odyssey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.core.env.Environment;
import redis.clients.jedis.HostAndPort;

/// Where odyssey's Redis is: `REDIS_SENTINELS` (`host:port,host:port`) know the master that
/// `REDIS_MASTER_NAME` names; servers and Sentinels have the password in the file that
/// `REDIS_PASSWORD_FILE` names.
record Sentinels(Set<HostAndPort> addresses, String masterName, Path passwordFile) {
  Sentinels {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("REDIS_SENTINELS names no Sentinel");
    }
    addresses = Set.copyOf(addresses);
  }

  static Sentinels of(Environment environment) {
    return new Sentinels(
        addresses(environment.getRequiredProperty("REDIS_SENTINELS")),
        environment.getProperty("REDIS_MASTER_NAME", "mymaster"),
        Path.of(environment.getRequiredProperty("REDIS_PASSWORD_FILE")));
  }

  String password() {
    try {
      return Files.readString(passwordFile).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the password file cannot be read: " + passwordFile, e);
    }
  }

  private static Set<HostAndPort> addresses(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(address -> !address.isEmpty())
        .map(HostAndPort::from)
        .collect(Collectors.toUnmodifiableSet());
  }
}
