package dev.onecycle.platform.http.security;

import dev.onecycle.platform.StartRefused;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who may come in.
 *
 * @param keys the API keys; without any, everybody on this machine may do everything, and nobody
 *     else anything
 */
@ConfigurationProperties("onecycle.security")
record SecurityProperties(List<ApiKey> keys) {

  SecurityProperties {
    keys = keys == null ? List.of() : List.copyOf(keys);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < keys.size(); i++) {
      ApiKey key = keys.get(i);
      if (!names.add(key.name())) {
        throw new StartRefused(
            "two API keys are called '" + key.name() + "'", "Give each a name of its own.");
      }
      for (ApiKey earlier : keys.subList(0, i)) {
        if (earlier.hasDigest(key.digest())) {
          throw new StartRefused(
              "the API keys '%s' and '%s' are the same".formatted(earlier.name(), key.name()),
              "Give each holder a key of their own.");
        }
      }
    }
  }

  /** Whether nobody needs a key. */
  boolean keyless() {
    return keys.isEmpty();
  }

  /**
   * The key that somebody presents, or null. Compares with every key, whether or not one has been
   * found, and digests instead of texts: how long it takes says nothing about any of them.
   */
  @Nullable ApiKey find(String presented) {
    byte[] digest = ApiKey.digest(presented);
    @Nullable ApiKey found = null;
    for (ApiKey key : keys) {
      found = key.hasDigest(digest) ? key : found;
    }
    return found;
  }
}
