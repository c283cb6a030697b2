package dev.chrysalis.vault.s3;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.ObjectKeys;
import dev.chrysalis.vault.backend.ObjectLock;
import dev.chrysalis.vault.backend.ObjectLocks;
import dev.chrysalis.vault.backend.VaultLocation;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DefaultRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/// The locks of a bucket's objects (S3 Object Lock).
///
/// Properties: no call is made twice; a lock is never shortened, since the right to go around one
/// is never asked for; an object that is held in the other mode stays in it. All calls are about
/// the newest version of an object. The credentials need `s3:GetObjectRetention`,
/// `s3:PutObjectRetention`, `s3:GetBucketVersioning` and `s3:GetBucketObjectLockConfiguration`.
public final class S3Locks implements ObjectLocks {
  private static final int NOT_ALLOWED = 405;

  private final VaultLocation.InS3 location;
  private final S3Client client;
  private final S3Errors errors;
  private final String prefix;

  private S3Locks(VaultLocation.InS3 location, S3Client client) {
    this.location = location;
    this.client = client;
    this.errors = new S3Errors(location);
    this.prefix = location.prefix().isEmpty() ? "" : location.prefix() + "/";
  }

  /// Opens a bucket's locks with the SDK's default credentials.
  public static S3Locks open(VaultLocation.InS3 location) {
    return open(location, DefaultCredentialsProvider.builder().build(), S3TimeOuts.standard());
  }

  /// Opens a bucket's locks with given credentials.
  public static S3Locks open(
      VaultLocation.InS3 location, AwsCredentialsProvider credentials, S3TimeOuts timeOuts) {
    return new S3Locks(location, S3Clients.open(location, credentials, timeOuts));
  }

  @Override
  public Optional<ObjectLock> declared() {
    return location.lock();
  }

  @Override
  public Place place() {
    boolean versioned;
    try {
      versioned =
          client.getBucketVersioning(request -> request.bucket(location.bucket())).status()
              == BucketVersioningStatus.ENABLED;
    } catch (SdkException e) {
      throw errors.ofLock("could not ask whether the bucket keeps versions", e);
    }
    Optional<ObjectLockConfiguration> lock = configuration();
    boolean locking =
        lock.filter(c -> c.objectLockEnabled() == ObjectLockEnabled.ENABLED).isPresent();
    return new Place(versioned, locking, lock.flatMap(S3Locks::retention));
  }

  private Optional<ObjectLockConfiguration> configuration() {
    try {
      return Optional.ofNullable(
          client
              .getObjectLockConfiguration(request -> request.bucket(location.bucket()))
              .objectLockConfiguration());
    } catch (SdkException e) {
      ChrysalisException failure = errors.ofLock("could not ask for the bucket's lock", e);
      if (failure.code().equals(VaultErrors.CANNOT_LOCK)) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  private static Optional<String> retention(ObjectLockConfiguration configuration) {
    if (configuration.rule() == null || configuration.rule().defaultRetention() == null) {
      return Optional.empty();
    }
    DefaultRetention held = configuration.rule().defaultRetention();
    String term = held.days() == null ? held.years() + " years" : held.days() + " days";
    return Optional.of(held.modeAsString() + " for " + term);
  }

  @Override
  public Optional<Instant> heldUntil(String key) {
    ObjectKeys.check(key);
    try {
      ObjectLockRetention held =
          client
              .getObjectRetention(request -> request.bucket(location.bucket()).key(prefix + key))
              .retention();
      return Optional.ofNullable(held).map(ObjectLockRetention::retainUntilDate);
    } catch (SdkException e) {
      if (S3Errors.saysNotHeld(e)) {
        return Optional.empty();
      }
      throw translated("could not ask until when " + key + " is held", key, e);
    }
  }

  @Override
  public void hold(String key, Instant until) {
    ObjectKeys.check(key);
    ObjectLock lock =
        declared().orElseThrow(() -> new IllegalStateException("no lock is declared: " + location));
    ObjectLockRetentionMode mode = mode(lock);
    try {
      hold(key, until, mode);
    } catch (ChrysalisException e) {
      if (!e.code().equals(VaultErrors.OBJECT_LOCKED)) {
        throw e;
      }
      boolean compliance = mode == ObjectLockRetentionMode.COMPLIANCE;
      hold(
          key,
          until,
          compliance ? ObjectLockRetentionMode.GOVERNANCE : ObjectLockRetentionMode.COMPLIANCE);
    }
  }

  private void hold(String key, Instant until, ObjectLockRetentionMode mode) {
    try {
      client.putObjectRetention(request ->
          request
              .bucket(location.bucket())
              .key(prefix + key)
              .retention(retention -> retention.mode(mode).retainUntilDate(until)));
    } catch (SdkException e) {
      throw translated("could not hold " + key, key, e);
    }
  }

  private ChrysalisException translated(String failed, String key, SdkException e) {
    // 405 is said where the newest version is the mark of a deletion.
    boolean missing = S3Errors.isMissingObject(e) || S3Errors.status(e) == NOT_ALLOWED;
    return missing ? errors.missing(key) : errors.ofLock(failed, e);
  }

  static ObjectLockRetentionMode mode(ObjectLock lock) {
    return switch (lock.mode()) {
      case COMPLIANCE -> ObjectLockRetentionMode.COMPLIANCE;
      case GOVERNANCE -> ObjectLockRetentionMode.GOVERNANCE;
    };
  }

  @Override
  public String toString() {
    return location.toString();
  }

  @Override
  public void close() {
    client.close();
  }
}
