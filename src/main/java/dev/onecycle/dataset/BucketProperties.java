package dev.onecycle.dataset;

import dev.onecycle.platform.Failure;
import dev.onecycle.store.Buckets;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of imports from S3. Whatever a caller names, only buckets of this server are read, and
 * with the service's own credentials.
 *
 * @param roots places such as s3://bucket/prefix, in which an {@code s3} source may lie; none by
 *     default
 * @param region such as eu-central-1; null: where the AWS SDK finds it
 * @param endpoint of another server that speaks S3; null for AWS
 * @param pathStyle whether the bucket's name stands in the path and not in the host
 */
@ConfigurationProperties("onecycle.dataset.s3")
public record BucketProperties(
    @DefaultValue({}) List<String> roots,
    @Nullable String region,
    @Nullable URI endpoint,
    @DefaultValue("false") boolean pathStyle) {

  public BucketProperties {
    roots = List.copyOf(roots);
    for (String root : roots) {
      try {
        Buckets.Place.of(root);
      } catch (Failure.Invalid e) {
        throw new IllegalArgumentException(
            "onecycle.dataset.s3.roots has '" + root + "', which is not as s3://bucket/prefix", e);
      }
    }
  }

  /**
   * The place that {@code url} names, if an import may read it.
   *
   * @throws Failure.Invalid if it names none, or lies in none of the roots
   */
  Buckets.Place allowed(String url) {
    Buckets.Place place = Buckets.Place.of(url);
    if (roots.stream().noneMatch(root -> Buckets.Place.of(root).holds(place))) {
      throw new Failure.Invalid(
          place + " does not lie in the buckets that imports may read",
          roots.isEmpty()
              ? "Start the service with onecycle.dataset.s3.roots set, or upload an archive."
              : "Name a place in one of those that onecycle.dataset.s3.roots lists.");
    }
    return place;
  }
}
