package dev.chrysalis.redis.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.redis.RedisErrors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/// The file that a server or a Sentinel reads when it starts and rewrites while it runs, and the
/// template that a fresh volume begins with.
public record ConfigurationFile(Path file, Optional<Path> template) {
  private static final long MAX_BYTES = 16L << 20;
  private static final int FRESH_MODE = 0600;

  /// What stands in the place of the configuration while a volume is half restored: no server
  /// starts with it, whoever starts it.
  static final String HALF_RESTORED =
      """
      # Chrysalis: this volume is half restored, and no server may start on it. The restore that
      # does it replaces this file at its end. Where nobody goes on with it, set the volume aside; if
      # this file lies elsewhere, `chrysalis agent redis configure` then writes what it said before.
      volume-is-half-restored yes
      """;

  /// What the file says, or where there is none yet the template; `BAD_SETTING` where there is
  /// neither.
  public RedisConfiguration read() {
    return readIfThere()
        .orElseThrow(() ->
            new ChrysalisException(
                RedisErrors.BAD_SETTING,
                "there is neither " + file + " nor a template of it",
                "name the template that a fresh volume begins with: --conf-template,"
                    + " REDIS_CONF_TEMPLATE"));
  }

  /// What the file says, or the template; empty where there is neither. While a volume is half
  /// restored the file says what it said before.
  public Optional<RedisConfiguration> readIfThere() {
    Optional<RedisConfiguration> living = read(isGuard() ? kept() : file);
    return living.or(() -> template.flatMap(ConfigurationFile::read));
  }

  /// Where the file's content is kept while a volume is half restored.
  Path kept() {
    return file.resolveSibling(file.getFileName() + ".chrysalis-kept");
  }

  /// Replaces the file by one rename, durably. Its owner and its mode stay; a new one only its
  /// owner can read.
  public void write(RedisConfiguration configuration) {
    write(file, configuration.toBytes());
  }

  /// Keeps every server from starting, until `release` is called.
  void guard() {
    if (!isGuard()) {
      read(file).ifPresent(living -> write(kept(), living.toBytes()));
      write(file, HALF_RESTORED.getBytes(StandardCharsets.UTF_8));
    }
  }

  /// Writes what the server is to start with in place of what keeps it from starting.
  void release(RedisConfiguration configuration) {
    write(configuration);
    try {
      Files.deleteIfExists(kept());
    } catch (IOException e) {
      throw failed("remove", kept(), e);
    }
  }

  /// Whether a restore was begun and has not ended; whoever added lines to it.
  boolean isGuard() {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] beginning = in.readNBytes(HALF_RESTORED.length());
      return new String(beginning, StandardCharsets.UTF_8).equals(HALF_RESTORED);
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  private void write(Path to, byte[] content) {
    try {
      Path folder = PrivateFiles.parent(file);
      boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
      PrivateFiles.like(there ? file : folder).replace(to, content, mode());
    } catch (IOException e) {
      throw failed("write", to, e);
    }
  }

  /// That of the file: a server of another user may read it by its group.
  private int mode() throws IOException {
    return Files.exists(file) && Files.getAttribute(file, "unix:mode") instanceof Integer mode
        ? mode
        : FRESH_MODE;
  }

  private static Optional<RedisConfiguration> read(Path file) {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException("it is too large for a configuration");
      }
      return Optional.of(RedisConfiguration.parse(Files.readAllBytes(file), file.toString()));
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  private static ChrysalisException failed(String what, Path file, IOException e) {
    return RedisErrors.VOLUME.of(
        "cannot " + what, file, e, "look at the file and at the agent's rights on it");
  }
}
