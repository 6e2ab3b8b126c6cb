package dev.onecycle.store;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of a store in S3.
 *
 * @param bucket its name; it must be there
 * @param region such as eu-central-1; null: where the AWS SDK finds it
 * @param endpoint of another server that speaks S3, such as https://minio.example.org; null for AWS
 * @param prefix what every object's key begins with, such as onecycle/; null for nothing
 * @param pathStyle whether the bucket's name stands in the path and not in the host
 */
@ConfigurationProperties("onecycle.store.s3")
public record S3Properties(
    @Nullable String bucket,
    @Nullable String region,
    @Nullable URI endpoint,
    String prefix,
    @DefaultValue("false") boolean pathStyle) {

  public S3Properties {
    prefix = prefix == null ? "" : prefix;
  }
}
