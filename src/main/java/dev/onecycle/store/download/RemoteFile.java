package dev.onecycle.store.download;

import dev.onecycle.platform.Failure;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A file on a public https server.
 *
 * @param url https, with a host and without a user
 * @param sha256 that the file must have, 64 hexadecimal digits, or null for any
 */
public record RemoteFile(String url, @Nullable String sha256) {

  private static final int MAX_PORT = 65_535;

  /**
   * Checks both.
   *
   * @throws Failure.Invalid naming {@code source.url} or {@code source.sha256}
   */
  public RemoteFile {
    URI uri = uri(url);
    if (!"https".equalsIgnoreCase(uri.getScheme())
        || uri.getHost() == null
        || uri.getUserInfo() != null) {
      throw wrong("source.url", "must be an https URL with a host", "https://...");
    }
    if (sha256 != null) {
      sha256 = sha256.toLowerCase(Locale.ROOT);
      if (!sha256.matches("[0-9a-f]{64}")) {
        throw wrong("source.sha256", "must be 64 hex digits", null);
      }
    }
  }

  /**
   * Checks the port.
   *
   * @throws Failure.Invalid if it is one that no machine has
   */
  public void requirePort() {
    int port = uri(url).getPort();
    if (port == 0 || port > MAX_PORT) {
      throw wrong("source.url", "has port " + port + ", which is none", MAX_PORT);
    }
  }

  URI uri() {
    return uri(url);
  }

  /** Of what is no URL, one without host. */
  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      return URI.create("");
    }
  }

  private static Failure.Invalid wrong(String field, String message, @Nullable Object limit) {
    Failure.FieldError error = new Failure.FieldError(field, message, null, limit);
    return new Failure.Invalid(field + " " + message, null, List.of(error));
  }
}
