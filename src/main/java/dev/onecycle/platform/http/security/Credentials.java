package dev.onecycle.platform.http.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/**
 * The key that a request presents: {@code Authorization: Bearer KEY}. A browser cannot be told to
 * send that with the pages that it opens, so the documentation, and nothing else, takes the key as
 * the password of {@code Basic}, too. Browsers send that by themselves, also when another site
 * makes them: elsewhere it would be a hole.
 */
final class Credentials {

  private static final String BEARER = "bearer ";
  private static final String BASIC = "basic ";

  private Credentials() {}

  /** The key, or null where the request presents none. */
  static @Nullable String of(HttpServletRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null) {
      return null;
    }
    String scheme = header.toLowerCase(Locale.ROOT);
    if (scheme.startsWith(BEARER)) {
      return header.substring(BEARER.length()).strip();
    }
    if (scheme.startsWith(BASIC) && opensInBrowser(request)) {
      return password(header.substring(BASIC.length()).strip());
    }
    return null;
  }

  /** Says how to present a key, and lets a browser ask for it where that is of use. */
  static void challenge(HttpServletRequest request, HttpServletResponse response) {
    response.addHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"onecycle\"");
    if (opensInBrowser(request)) {
      response.addHeader(
          HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"onecycle\", charset=\"UTF-8\"");
    }
  }

  private static @Nullable String password(String encoded) {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      return pair.substring(pair.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** Whether the request is for a page of the documentation. */
  private static boolean opensInBrowser(HttpServletRequest request) {
    String path = request.getServletPath();
    return request.getMethod().equals(HttpMethod.GET.name())
        && (path.equals("/docs")
            || path.startsWith("/swagger-ui/")
            || path.equals("/v3/api-docs")
            || path.startsWith("/v3/api-docs/"));
  }
}
