package dev.onecycle.store;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * How a server that speaks S3 is reached. Credentials come from where the AWS SDK looks for them:
 * the environment, a profile, the machine's role.
 *
 * @param region such as eu-central-1; null: where the AWS SDK finds it
 * @param endpoint of another server than AWS; null for AWS
 * @param pathStyle whether the bucket's name stands in the path and not in the host
 */
public record S3Access(@Nullable String region, @Nullable URI endpoint, boolean pathStyle) {

  /** A client whose reads wait for at most {@code silence}. */
  S3Client client(Duration silence) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(Duration.ofSeconds(10))
                    .socketTimeout(silence))
            .forcePathStyle(pathStyle)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    if (region != null) {
      builder.region(Region.of(region));
    }
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return builder.build();
  }
}
