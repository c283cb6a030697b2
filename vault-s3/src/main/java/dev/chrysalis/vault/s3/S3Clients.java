package dev.chrysalis.vault.s3;

import dev.chrysalis.vault.backend.VaultLocation;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/// Clients of the SDK for a location. Making one makes no call.
final class S3Clients {
  private static final int MOST_CONNECTIONS = 128;

  private S3Clients() {}

  static S3Client open(
      VaultLocation.InS3 location, AwsCredentialsProvider credentials, S3TimeOuts timeOuts) {
    try {
      return client(location, credentials, timeOuts);
    } catch (SdkException e) {
      throw new S3Errors(location).of("could not open the bucket", e);
    }
  }

  private static S3Client client(
      VaultLocation.InS3 location, AwsCredentialsProvider credentials, S3TimeOuts timeOuts) {
    S3ClientBuilder builder =
        S3Client.builder()
            .credentialsProvider(credentials)
            .forcePathStyle(location.pathStyle())
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .maxConnections(MOST_CONNECTIONS)
                    .connectionAcquisitionTimeout(timeOuts.call())
                    .connectionTimeout(timeOuts.connect())
                    .socketTimeout(timeOuts.silence()))
            // The vault authenticates every byte itself, and other stores than AWS's stumble over
            // the SDK's checksums.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(override ->
                override
                    .retryStrategy(AwsRetryStrategy.doNotRetry())
                    .apiCallTimeout(timeOuts.call()));
    Optional<URI> endpoint = location.endpoint();
    endpoint.ifPresent(builder::endpointOverride);
    Optional<String> region = location.region();
    if (region.isPresent()) {
      builder.region(Region.of(region.get()));
    } else if (endpoint.isPresent()) {
      builder.region(Region.US_EAST_1);
    }
    return builder.build();
  }
}
