package dev.chrysalis.vault.s3;

import dev.chrysalis.vault.backend.VaultLocation;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// An S3 server in this process, on a free port, with one bucket that it keeps in memory.
final class S3Server {
  static final String BUCKET = "chrysalis-test";
  static final AwsCredentialsProvider CREDENTIALS = credentials("tester", "not-a-secret");

  private final S3Proxy proxy;
  private final AtomicInteger prefixes = new AtomicInteger();

  private S3Server(S3Proxy proxy) {
    this.proxy = proxy;
  }

  static S3Server start() throws Exception {
    return start(new WithoutTemporaries(new TransientNio2BlobStore()));
  }

  /// The same, whose credentials may add and read, and delete nothing: `s3:PutObject`,
  /// `s3:GetObject` and `s3:ListBucket` alone.
  static S3Server startWithoutDeletes(AtomicInteger refused) throws Exception {
    return start(new WithoutDeletes(new WithoutTemporaries(new TransientNio2BlobStore()), refused));
  }

  private static S3Server start(BlobStore store) throws Exception {
    store.createContainer(CreateBucketRequest.builder().bucket(BUCKET).build());
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(store)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, "tester", "not-a-secret")
            .build();
    proxy.start();
    return new S3Server(proxy);
  }

  static AwsCredentialsProvider credentials(String key, String secret) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret));
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  VaultLocation.InS3 freshPrefix() {
    return at(BUCKET, "vault-" + prefixes.incrementAndGet());
  }

  VaultLocation.InS3 at(String bucket, String prefix) {
    return new VaultLocation.InS3(bucket, prefix, "eu-west-1", endpoint(), true, null);
  }

  void stop() throws Exception {
    proxy.stop();
  }

  /// This server's store lists the files that it is still writing, or was when an upload broke off,
  /// under the key and a UUID, which S3 never does.
  private static final class WithoutTemporaries extends ForwardingBlobStore {
    private static final Pattern TEMPORARY =
        Pattern.compile(".*-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    WithoutTemporaries(BlobStore store) {
      super(store);
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
      ListObjectsV2Response listed = super.list(request);
      return listed.toBuilder()
          .contents(
              listed.contents().stream()
                  .filter(object -> !TEMPORARY.matcher(object.key()).matches())
                  .toList())
          .build();
    }
  }

  private static final class WithoutDeletes extends ForwardingBlobStore {
    private final AtomicInteger refused;

    WithoutDeletes(BlobStore store, AtomicInteger refused) {
      super(store);
      this.refused = refused;
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
      refused.incrementAndGet();
      throw S3Exception.builder()
          .statusCode(403)
          .awsErrorDetails(
              AwsErrorDetails.builder()
                  .errorCode("AccessDenied")
                  .errorMessage("Access Denied")
                  .build())
          .build();
    }
  }
}
