package dev.chrysalis.redis.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A release of Redis that tests run for real: the oldest that is promised, with one append-only
/// file, and one that keeps a manifest of files. The environment variable `CHRYSALIS_TEST_REDIS`
/// names a newer server to be run in the place of the second one.
public enum RedisRelease {
  V6_2(false),
  V7_0(true);

  private final boolean manifest;

  RedisRelease(boolean manifest) {
    this.manifest = manifest;
  }

  /// Both, for tests with parameters:
  /// `@MethodSource("dev.chrysalis.redis.server.RedisRelease#all")`.
  public static List<RedisRelease> all() {
    return List.of(values());
  }

  /// Whether its append-only file is a manifest of files.
  public boolean keepsManifest() {
    return manifest;
  }

  /// What its server calls itself: `7.0.15`.
  public String version() {
    RedisProgram program = program();
    ProcessBuilder asked = new ProcessBuilder(program.server().toString(), "--version");
    asked.environment().putAll(program.variables());
    try {
      Process process = asked.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return said.replaceFirst("(?s).* v=(\\S+) .*", "$1");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A folder with a `redis-server` that can be started as it is.
  public Path programs(Path into) {
    RedisProgram program = program();
    StringBuilder script = new StringBuilder("#!/bin/sh\n");
    program
        .variables()
        .forEach((name, value) -> script.append("export %s='%s'\n".formatted(name, value)));
    script.append("exec '%s' \"$@\"\n".formatted(program.server()));
    Path file = into.resolve("redis-server");
    try {
      Files.writeString(file, script);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return into;
  }

  RedisProgram program() {
    return switch (this) {
      case V6_2 -> ServerInJar.program();
      case V7_0 ->
          Optional.ofNullable(System.getenv("CHRYSALIS_TEST_REDIS"))
              .map(server -> new RedisProgram(Path.of(server), Map.of()))
              .orElseGet(DebianRedis::program);
    };
  }
}
