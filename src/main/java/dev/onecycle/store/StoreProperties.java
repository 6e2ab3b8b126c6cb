package dev.onecycle.store;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the store.
 *
 * @param reserve space on the disk that is left for the database and the logs: nothing large is
 *     written once less than this would remain
 */
@ConfigurationProperties("onecycle.store")
public record StoreProperties(@DefaultValue("256MB") DataSize reserve) {

  public StoreProperties {
    if (reserve.isNegative()) {
      throw new IllegalArgumentException("onecycle.store.reserve is negative: " + reserve);
    }
  }
}
