package dev.chrysalis.vault.s3;

import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.DirectoryBackend;
import dev.chrysalis.vault.backend.ErasingBackend;
import dev.chrysalis.vault.backend.ObjectLocks;
import dev.chrysalis.vault.backend.RetryingBackend;
import dev.chrysalis.vault.backend.RetryingErasingBackend;
import dev.chrysalis.vault.backend.RetryingLocks;
import dev.chrysalis.vault.backend.VaultLocation;
import java.util.Optional;

/// Opens the backend that a location names, with retries.
public final class Backends {
  private Backends() {}

  /// Opens what must be there already: `VaultErrors.BAD_LOCATION` where a directory is missing; a
  /// bucket that is missing shows at the first use.
  public static Backend open(VaultLocation location) {
    return RetryingBackend.standard(
        switch (location) {
          case VaultLocation.InDirectory directory -> DirectoryBackend.at(directory.path());
          case VaultLocation.InS3 bucket -> S3Backend.open(bucket);
        });
  }

  /// Opens what must be there already, with the right to delete: for a prune, and for nothing else.
  public static ErasingBackend openErasing(VaultLocation location) {
    return RetryingErasingBackend.standard(
        switch (location) {
          case VaultLocation.InDirectory directory -> DirectoryBackend.at(directory.path());
          case VaultLocation.InS3 bucket -> S3Backend.open(bucket);
        });
  }

  /// Opens the locks of a place's objects; empty where they can never be locked.
  public static Optional<ObjectLocks> locks(VaultLocation location) {
    return switch (location) {
      case VaultLocation.InDirectory _ -> Optional.empty();
      case VaultLocation.InS3 bucket -> Optional.of(RetryingLocks.standard(S3Locks.open(bucket)));
    };
  }

  /// Opens a place for a new vault: a directory is made where it is missing, a bucket is not.
  public static Backend create(VaultLocation location) {
    return RetryingBackend.standard(
        switch (location) {
          case VaultLocation.InDirectory directory -> DirectoryBackend.create(directory.path());
          case VaultLocation.InS3 bucket -> S3Backend.open(bucket);
        });
  }
}
