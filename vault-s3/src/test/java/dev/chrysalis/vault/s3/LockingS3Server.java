package dev.chrysalis.vault.s3;

import com.adobe.testing.s3mock.S3MockApplication;
import dev.chrysalis.vault.backend.ObjectLock;
import dev.chrysalis.vault.backend.VaultLocation;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/// An S3 server in this process, on a free port, that keeps versions and retentions of objects in a
/// directory. It takes a create's lock and holds nothing, as real stores do too; what is held
/// afterwards it keeps and tells, and refuses nobody.
final class LockingS3Server implements AutoCloseable {
  private final S3MockApplication mock;
  private final S3Client owner;

  /// @param folder where it keeps everything; whoever made it removes it
  LockingS3Server(Path folder) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("http.port", "0");
    settings.put("server.port", "0");
    settings.put("server.address", "127.0.0.1");
    settings.put("com.adobe.testing.s3mock.store.root", folder.resolve("objects").toString());
    settings.put("server.tomcat.basedir", folder.resolve("tomcat").toString());
    settings.put("spring.main.banner-mode", "off");
    settings.put("logging.level.root", "OFF");
    mock = S3MockApplication.start(settings);
    owner =
        S3Client.builder()
            .endpointOverride(endpoint())
            .region(Region.EU_WEST_1)
            .forcePathStyle(true)
            .credentialsProvider(S3Server.CREDENTIALS)
            .build();
  }

  /// The other port has a certificate that nobody trusts.
  @SuppressWarnings("deprecation")
  private URI endpoint() {
    return URI.create("http://127.0.0.1:" + mock.getHttpPort());
  }

  /// Calls of the bucket's owner, who may do everything.
  S3Client owner() {
    return owner;
  }

  /// A new bucket, and a vault's location in it.
  VaultLocation.InS3 bucket(String name, boolean locking, @Nullable ObjectLock declared) {
    owner.createBucket(request -> request.bucket(name).objectLockEnabledForBucket(locking));
    if (locking) {
      owner.putBucketVersioning(request ->
          request
              .bucket(name)
              .versioningConfiguration(
                  versions -> versions.status(BucketVersioningStatus.ENABLED)));
    }
    return new VaultLocation.InS3(name, "vault", "eu-west-1", endpoint(), true, declared);
  }

  @Override
  public void close() {
    owner.close();
    mock.stop();
  }
}
