package dev.onecycle.platform.http.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** What pages from here may load and do. */
final class Pages {

  /** The service's own page, and the bare address that leads to it. */
  static final RequestMatcher PATH =
      new OrRequestMatcher(
          PathPatternRequestMatcher.pathPattern(HttpMethod.GET, "/"),
          PathPatternRequestMatcher.pathPattern(HttpMethod.GET, "/ui/**"));

  private static final String NOWHERE =
      "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** Files of this service, and pictures that its scripts made; no markup from text. */
  private static final String OWN =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' blob:; require-trusted-types-for 'script'"
          + NOWHERE;

  /** The documentation's scripts, pictures and styles, of which some are in its page. */
  private static final String DOCUMENTATION =
      "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'" + NOWHERE;

  private Pages() {}

  /** Tells the browser, with whatever is answered. */
  static void restrict(HttpServletRequest request, HttpServletResponse response) {
    response.setHeader("Content-Security-Policy", PATH.matches(request) ? OWN : DOCUMENTATION);
  }
}
