package dev.chrysalis.vault.s3;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.BodyStream;
import dev.chrysalis.vault.backend.VaultLocation;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/// Says what an error of the SDK means to a vault: first by S3's own error code, then by the
/// status, and for calls that got no answer by what broke.
final class S3Errors {
  private static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int PRECONDITION_FAILED = 412;
  static final int RANGE_NOT_SATISFIABLE = 416;

  private static final Set<String> THROTTLING =
      Set.of(
          "SlowDown",
          "Throttling",
          "ThrottlingException",
          "RequestLimitExceeded",
          "TooManyRequests",
          "ConditionalRequestConflict",
          "OperationAborted");
  private static final Set<String> ACCESS =
      Set.of("ExpiredToken", "InvalidToken", "TokenRefreshRequired", "InvalidAccessKeyId");
  private static final Set<String> LOCATION =
      Set.of(
          "NoSuchBucket",
          "InvalidBucketName",
          "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException");
  private static final Set<String> FULL =
      Set.of("QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "EntityTooLarge");

  private static final Set<String> LOCKED =
      Set.of("ObjectLocked", "ObjectUnderRetention", "RetentionPolicyNotMet");
  private static final Set<String> HOLDS =
      Set.of("object lock", "worm protected", "retention", "legal hold");

  private static final Set<String> NO_LOCKS =
      Set.of("NotImplemented", "ObjectLockConfigurationNotFoundError");

  private final VaultLocation.InS3 location;
  private final S3Hints hints;

  S3Errors(VaultLocation.InS3 location) {
    this.location = location;
    this.hints = new S3Hints(location);
  }

  static int status(SdkException e) {
    return e instanceof SdkServiceException answered ? answered.statusCode() : 0;
  }

  static boolean isMissingObject(SdkException e) {
    return status(e) == NOT_FOUND && !s3Code(e).equals("NoSuchBucket");
  }

  ChrysalisException missing(String key) {
    return new ChrysalisException(
        VaultErrors.OBJECT_MISSING,
        location + " holds no " + key,
        "something removed it, or it was never written");
  }

  ChrysalisException noBucket(SdkException e) {
    return new ChrysalisException(
        VaultErrors.BAD_LOCATION,
        "there is no bucket " + location.bucket() + " at " + hints.where(),
        hints.of(VaultErrors.BAD_LOCATION, e),
        e);
  }

  /// The same for a call about locks: a store that does not know it cannot lock.
  ChrysalisException ofLock(String failed, SdkException e) {
    return NO_LOCKS.contains(s3Code(e)) ? cannotLock(failed, e) : of(failed, e);
  }

  private ChrysalisException cannotLock(String failed, SdkException e) {
    return new ChrysalisException(
        VaultErrors.CANNOT_LOCK,
        failed + " in " + location + ": the bucket does not lock objects (" + reason(e) + ")",
        "enable object lock on the bucket, which keeps versions then, or take lock=… out of the"
            + " vault's location",
        e);
  }

  ChrysalisException of(String failed, SdkException e) {
    if (s3Code(e).equals("InvalidRequest") && saysNoLock(e)) {
      return cannotLock(failed, e);
    }
    if (s3Code(e).equals("NoSuchBucket")) {
      return noBucket(e);
    }
    ErrorCode code = e instanceof SdkServiceException ? answered(e) : unanswered(e);
    if (code.equals(VaultErrors.INTERRUPTED)) {
      Thread.currentThread().interrupt();
    }
    return new ChrysalisException(
        code, failed + " in " + location + ": " + reason(e), hints.of(code, e), e);
  }

  private static ErrorCode answered(SdkException e) {
    String code = s3Code(e);
    if (THROTTLING.contains(code)) {
      return VaultErrors.THROTTLED;
    }
    if (ACCESS.contains(code)) {
      return VaultErrors.ACCESS_DENIED;
    }
    if (LOCATION.contains(code)) {
      return VaultErrors.BAD_LOCATION;
    }
    if (FULL.contains(code)) {
      return VaultErrors.NO_SPACE;
    }
    if (LOCKED.contains(code) || (status(e) == FORBIDDEN && saysLocked(e))) {
      return VaultErrors.OBJECT_LOCKED;
    }
    return code.equals("RequestTimeout") ? VaultErrors.TIMED_OUT : byStatus(status(e));
  }

  /// Stores that answer a plain refusal say in its text that an object is held back.
  private static boolean saysLocked(SdkException e) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return HOLDS.stream().anyMatch(text::contains);
  }

  private static boolean saysNoLock(SdkException e) {
    return squeezed(e).contains("missingobjectlockconfiguration");
  }

  /// Whether an object is there and not held. Not all stores give this its own code.
  static boolean saysNotHeld(SdkException e) {
    return s3Code(e).equals("NoSuchObjectLockConfiguration")
        || (status(e) == NOT_FOUND && squeezed(e).contains("objectlockconfiguration"));
  }

  /// The text without spaces: stores write names with and without them.
  private static String squeezed(SdkException e) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).replace(" ", "");
  }

  private static ErrorCode byStatus(int status) {
    return switch (status) {
      case 401, 403 -> VaultErrors.ACCESS_DENIED;
      case NOT_FOUND -> VaultErrors.OBJECT_MISSING;
      case 408 -> VaultErrors.TIMED_OUT;
      case 409, 429, 503 -> VaultErrors.THROTTLED;
      case 500, 502, 504 -> VaultErrors.UNREACHABLE;
      case 507 -> VaultErrors.NO_SPACE;
      // What is left (redirects, 400, 405, 501) says that this is not the store it was taken for.
      default -> VaultErrors.BAD_LOCATION;
    };
  }

  private static ErrorCode unanswered(SdkException e) {
    if (cause(e, BodyStream.Failed.class).isPresent()) {
      return VaultErrors.BODY_UNREADABLE;
    }
    if (e instanceof ApiCallTimeoutException
        || e instanceof ApiCallAttemptTimeoutException
        || cause(e, SocketTimeoutException.class).isPresent()) {
      return VaultErrors.TIMED_OUT;
    }
    if (e instanceof AbortedException) {
      return VaultErrors.INTERRUPTED;
    }
    String message = String.valueOf(e.getMessage());
    if (message.contains("load credentials")) {
      return VaultErrors.ACCESS_DENIED;
    }
    return message.contains("load region") ? VaultErrors.BAD_LOCATION : VaultErrors.UNREACHABLE;
  }

  static String s3Code(SdkException e) {
    AwsErrorDetails details = details(e);
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  static @Nullable AwsErrorDetails details(SdkException e) {
    return e instanceof AwsServiceException service ? service.awsErrorDetails() : null;
  }

  private static String reason(SdkException e) {
    if (e instanceof SdkServiceException answered) {
      return ("status " + answered.statusCode() + " " + s3Code(e)).strip();
    }
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    return message == null ? deepest.getClass().getSimpleName() : message;
  }

  private static <T extends Throwable> Optional<T> cause(Throwable e, Class<T> type) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return Optional.of(type.cast(at));
      }
    }
    return Optional.empty();
  }
}
