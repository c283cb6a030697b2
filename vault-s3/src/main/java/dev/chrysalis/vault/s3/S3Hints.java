package dev.chrysalis.vault.s3;

import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.VaultLocation;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;

/// Says what to do about an error of a bucket.
final class S3Hints {
  private final VaultLocation.InS3 location;

  S3Hints(VaultLocation.InS3 location) {
    this.location = location;
  }

  String of(ErrorCode code, SdkException e) {
    if (code.equals(VaultErrors.ACCESS_DENIED)) {
      return accessHint(e);
    }
    if (code.equals(VaultErrors.OBJECT_LOCKED)) {
      return "the bucket's lock or retention holds it back; a later prune removes it when that is"
          + " over";
    }
    if (code.equals(VaultErrors.BAD_LOCATION)) {
      return locationHint(e);
    }
    if (code.equals(VaultErrors.NO_SPACE)) {
      return "raise the bucket's quota, or prune the vault";
    }
    if (code.equals(VaultErrors.THROTTLED)) {
      return "the store asks for fewer requests; it is tried again later";
    }
    if (code.equals(VaultErrors.OBJECT_MISSING)) {
      return "something removed it, or it was never written";
    }
    if (code.equals(VaultErrors.BODY_UNREADABLE)) {
      return "look at the disk that it is read from";
    }
    if (code.equals(VaultErrors.INTERRUPTED)) {
      return "the work was stopped; run it again";
    }
    return "check that " + where() + " can be reached from this machine and is up";
  }

  private static String accessHint(SdkException e) {
    if (S3Errors.s3Code(e).equals("RequestTimeTooSkewed")) {
      return "set this machine's clock";
    }
    if (S3Errors.s3Code(e).startsWith("Expired")) {
      return "the credentials have expired; fetch new ones";
    }
    return "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the profile or the role; it needs"
        + " s3:PutObject, s3:GetObject and s3:ListBucket, s3:DeleteObject to prune, and with a lock"
        + " s3:PutObjectRetention and s3:GetObjectRetention";
  }

  private String locationHint(SdkException e) {
    if (String.valueOf(e.getMessage()).contains("load region")) {
      return "add ?region=… to the vault's location, or set AWS_REGION";
    }
    Optional<String> region = regionOfBucket(e);
    if (region.isPresent()) {
      return "the bucket is in another region: set region=" + region.get() + " in the location";
    }
    return "check the bucket's name, region and endpoint, and path-style=true where the store has"
        + " no host name for each bucket; create the bucket if it is a new one";
  }

  private static Optional<String> regionOfBucket(SdkException e) {
    AwsErrorDetails details = S3Errors.details(e);
    return details == null || details.sdkHttpResponse() == null
        ? Optional.empty()
        : details.sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region");
  }

  /// The store's address.
  String where() {
    return location.endpoint().map(Object::toString).orElse("AWS S3");
  }
}
