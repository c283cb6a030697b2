package dev.chrysalis.vault.s3;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.ErasingBackend;
import dev.chrysalis.vault.backend.ObjectKeys;
import dev.chrysalis.vault.backend.VaultLocation;
import java.io.InputStream;
import java.time.Clock;
import java.util.OptionalLong;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/// Objects in a bucket of S3, or of a store that speaks its protocol. How an object is created:
///
/// 1. for a body beyond 1 MiB it is asked first whether the key is taken, to save the upload;
/// 2. one `PutObject` with `If-None-Match: *` carries the whole body; S3 makes it visible whole or
///    not at all, and answers 412 where the key is taken, 409 where another create is under way;
///    where the location declares a lock, the same call sets it.
///
/// Properties: nothing is overwritten, as long as the store honours `If-None-Match` (AWS, MinIO,
/// Ceph and Google do); no call is made twice here, also not by the SDK; memory is bounded whatever
/// the size of an object, which is at most 5 GiB. The credentials need `s3:PutObject`,
/// `s3:GetObject` and `s3:ListBucket`, with a lock `s3:PutObjectRetention`, and `s3:DeleteObject`
/// only for a prune. Opening makes no call, so that a wrong location shows at the first use.
public final class S3Backend implements ErasingBackend {
  private static final long LARGEST_OBJECT = 5L << 30;
  private static final int GAP_BYTES = 1 << 20;
  private static final long WORTH_ASKING_FIRST = 1 << 20;
  private static final String ANY = "*";

  private final VaultLocation.InS3 location;
  private final S3TimeOuts timeOuts;
  private final S3Client client;
  private final Clock clock;
  private final S3Errors errors;
  private final String prefix;
  private volatile boolean bucketSeen;

  private S3Backend(
      VaultLocation.InS3 location, S3TimeOuts timeOuts, S3Client client, Clock clock) {
    this.location = location;
    this.timeOuts = timeOuts;
    this.client = client;
    this.clock = clock;
    this.errors = new S3Errors(location);
    this.prefix = location.prefix().isEmpty() ? "" : location.prefix() + "/";
  }

  /// Opens a bucket with the credentials that the environment, the profile or the machine's role
  /// gives (the SDK's default chain).
  public static S3Backend open(VaultLocation.InS3 location) {
    return open(
        location,
        DefaultCredentialsProvider.builder().build(),
        S3TimeOuts.standard(),
        Clock.systemUTC());
  }

  /// Opens a bucket with given credentials.
  ///
  /// @param clock says from when on new objects are held, where the location declares a lock
  public static S3Backend open(
      VaultLocation.InS3 location,
      AwsCredentialsProvider credentials,
      S3TimeOuts timeOuts,
      Clock clock) {
    return new S3Backend(
        location, timeOuts, S3Clients.open(location, credentials, timeOuts), clock);
  }

  @Override
  public Traits traits() {
    return new Traits(location.lock().isPresent(), LARGEST_OBJECT, GAP_BYTES);
  }

  @Override
  public Created create(String key, Body body) {
    ObjectKeys.check(key);
    if (body.length() > LARGEST_OBJECT) {
      throw new ChrysalisException(
          VaultErrors.NO_SPACE,
          "an object of " + body.length() + " bytes is too large for one upload: " + key,
          "objects have at most " + LARGEST_OBJECT + " bytes");
    }
    if (body.length() > WORTH_ASKING_FIRST && size(key).isPresent()) {
      return Created.EXISTS;
    }
    try (Upload upload = new Upload(body)) {
      put(key, upload, body.length());
      return Created.NEW;
    } catch (SdkException e) {
      if (S3Errors.status(e) == S3Errors.PRECONDITION_FAILED) {
        return Created.EXISTS;
      }
      throw errors.of("could not create " + key, e);
    }
  }

  private void put(String key, Upload upload, long length) {
    client.putObject(
        request ->
            locked(request)
                .bucket(location.bucket())
                .key(prefix + key)
                .ifNoneMatch(ANY)
                .contentLength(length)
                .overrideConfiguration(
                    override -> override.apiCallTimeout(timeOuts.upload(length))),
        RequestBody.fromContentProvider(upload, length, "application/octet-stream"));
    bucketSeen = true;
  }

  /// S3 takes a lock only together with a checksum of the body.
  private PutObjectRequest.Builder locked(PutObjectRequest.Builder request) {
    location
        .lock()
        .ifPresent(lock ->
            request
                .objectLockMode(ObjectLockMode.fromValue(lock.mode().name()))
                .objectLockRetainUntilDate(lock.until(clock.instant()))
                .checksumAlgorithm(ChecksumAlgorithm.CRC32));
    return request;
  }

  @Override
  public InputStream open(String key, long offset, long length) {
    ObjectKeys.check(key);
    ObjectKeys.checkRange(offset, length);
    if (length == 0) {
      return nothingOf(key);
    }
    try {
      ResponseInputStream<GetObjectResponse> answer =
          client.getObject(request ->
              request.bucket(location.bucket()).key(prefix + key).range(range(offset, length)));
      return S3ObjectStream.checked(answer, offset, length, location + " " + key);
    } catch (SdkException e) {
      if (S3Errors.status(e) == S3Errors.RANGE_NOT_SATISFIABLE) {
        return InputStream.nullInputStream();
      }
      throw errors.of("could not open " + key, e);
    }
  }

  private InputStream nothingOf(String key) {
    if (size(key).isEmpty()) {
      throw errors.missing(key);
    }
    return InputStream.nullInputStream();
  }

  private static String range(long offset, long length) {
    boolean toTheEnd = length > Long.MAX_VALUE - offset;
    return "bytes=" + offset + "-" + (toTheEnd ? "" : offset + length - 1);
  }

  @Override
  public OptionalLong size(String key) {
    ObjectKeys.check(key);
    try {
      Long size =
          client
              .headObject(request -> request.bucket(location.bucket()).key(prefix + key))
              .contentLength();
      return OptionalLong.of(size);
    } catch (SdkException e) {
      if (S3Errors.status(e) == S3Errors.NOT_FOUND) {
        requireBucket();
        return OptionalLong.empty();
      }
      throw errors.of("could not look at " + key, e);
    }
  }

  /// The answer to a `HeadObject` does not tell a missing object from a missing bucket.
  private void requireBucket() {
    if (bucketSeen) {
      return;
    }
    try {
      client.headBucket(request -> request.bucket(location.bucket()));
      bucketSeen = true;
    } catch (SdkException e) {
      if (S3Errors.status(e) == S3Errors.NOT_FOUND) {
        throw errors.noBucket(e);
      }
      throw errors.of("could not look at the bucket", e);
    }
  }

  @Override
  public Stream<Listed> list(String beginning) {
    ObjectKeys.checkPrefix(beginning);
    S3Listing listing = new S3Listing(client, errors, location.bucket(), prefix, beginning);
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(listing, Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  @Override
  public void delete(String key) {
    ObjectKeys.check(key);
    try {
      client.deleteObject(request -> request.bucket(location.bucket()).key(prefix + key));
    } catch (SdkException e) {
      if (!S3Errors.isMissingObject(e)) {
        throw errors.of("could not delete " + key, e);
      }
    }
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
