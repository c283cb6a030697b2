package dev.chrysalis.vault.backend;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a vault is, as its owner writes it. Holds no secret: credentials come from the
/// environment. `toString` gives a text that `parse` reads back.
public sealed interface VaultLocation {
  /// Reads `file:///absolute/path`, an absolute path, or
  /// `s3://bucket/prefix?region=eu-west-1&endpoint=https://host:9000&path-style=true` with or
  /// without `lock=compliance:30d`. Anything else is `VaultErrors.BAD_LOCATION`.
  static VaultLocation parse(String text) {
    return VaultLocationParser.parse(text);
  }

  /// A directory of this machine.
  record InDirectory(Path path) implements VaultLocation {
    public InDirectory {
      if (!path.isAbsolute()) {
        throw VaultLocationParser.bad("the vault's directory is not an absolute path: " + path);
      }
      path = path.normalize();
    }

    @Override
    public String toString() {
      return "file://" + path;
    }
  }

  /// A bucket of S3, or of a store that speaks its protocol.
  ///
  /// @param prefix what all keys begin with, `a/b` without a slash at either end, or empty
  /// @param regionOrNull the bucket's region; without it the environment's counts
  /// @param endpointOrNull the store's address where it is not AWS's
  /// @param pathStyle the bucket is the first part of the path and not of the host name
  /// @param lockOrNull how every object is locked that is written by this location
  record InS3(
      String bucket,
      String prefix,
      @Nullable String regionOrNull,
      @Nullable URI endpointOrNull,
      boolean pathStyle,
      @Nullable ObjectLock lockOrNull)
      implements VaultLocation {
    public InS3 {
      VaultLocationParser.checkBucket(bucket);
      VaultLocationParser.checkPrefix(prefix);
      if (regionOrNull != null) {
        VaultLocationParser.checkRegion(regionOrNull);
      }
      if (endpointOrNull != null) {
        VaultLocationParser.checkEndpoint(endpointOrNull);
      }
    }

    public Optional<String> region() {
      return Optional.ofNullable(regionOrNull);
    }

    public Optional<URI> endpoint() {
      return Optional.ofNullable(endpointOrNull);
    }

    /// How every object is locked that is written by this location; empty where it is not.
    public Optional<ObjectLock> lock() {
      return Optional.ofNullable(lockOrNull);
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("s3://").append(bucket);
      if (!prefix.isEmpty()) {
        text.append('/').append(prefix);
      }
      List<String> parameters = new ArrayList<>();
      region().ifPresent(region -> parameters.add("region=" + region));
      endpoint().ifPresent(endpoint -> parameters.add("endpoint=" + endpoint));
      if (pathStyle) {
        parameters.add("path-style=true");
      }
      lock().ifPresent(lock -> parameters.add("lock=" + lock));
      if (!parameters.isEmpty()) {
        text.append('?').append(String.join("&", parameters));
      }
      return text.toString();
    }
  }
}
