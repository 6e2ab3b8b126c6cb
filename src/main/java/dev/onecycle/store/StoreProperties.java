package dev.onecycle.store;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the store.
 *
 * @param type where blobs are kept
 * @param directory of the type DIRECTORY; null for the one below the home
 * @param cache how much of a remote store is kept on this machine
 * @param reserve space on the disk that is left for the database and the logs: nothing large is
 *     written once less than this would remain
 */
@ConfigurationProperties("onecycle.store")
public record StoreProperties(
    @DefaultValue("directory") Type type,
    @Nullable Path directory,
    @DefaultValue("20GB") DataSize cache,
    @DefaultValue("256MB") DataSize reserve) {

  /** A kind of store. */
  public enum Type {
    /** In a directory of this machine, or of a file system that all machines mount. */
    DIRECTORY,
    /** In a bucket. */
    S3
  }

  public StoreProperties {
    if (reserve.isNegative()) {
      throw new IllegalArgumentException("onecycle.store.reserve is negative: " + reserve);
    }
    if (cache.isNegative()) {
      throw new IllegalArgumentException("onecycle.store.cache is negative: " + cache);
    }
  }
}
