package dev.onecycle.platform.http.security;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Refusals;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Without API keys everybody on this machine is trusted, and nobody else: neither a page of another
 * site that the user's browser shows (Origin, Sec-Fetch-Site), nor one whose name was made to point
 * here (Host, "DNS rebinding"). A link from elsewhere that opens a page is followed: the page holds
 * no data, and what it then asks for comes from itself.
 */
final class HostGuard extends OncePerRequestFilter {

  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|[a-z0-9-]+\\.localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");
  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

  private final Refusals refusals;

  HostGuard(Refusals refusals) {
    this.refusals = refusals;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String host = request.getHeader(HttpHeaders.HOST);
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    String site = request.getHeader("Sec-Fetch-Site");
    if (host == null || !LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches()) {
      refuse(request, response, "the Host header does not name this machine's loopback address");
    } else if (origin != null && !origin.equalsIgnoreCase(request.getScheme() + "://" + host)) {
      refuse(request, response, "the request comes from a page of another origin");
    } else if (site != null && !OWN_SITE.contains(site) && !opensPage(request)) {
      refuse(request, response, "the request comes from a page of another site");
    } else {
      chain.doFilter(request, response);
    }
  }

  private static boolean opensPage(HttpServletRequest request) {
    return Pages.PATH.matches(request)
        && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
        && "document".equals(request.getHeader("Sec-Fetch-Dest"));
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response, String detail) {
    refusals.answer(
        request,
        response,
        new Failure.Forbidden(
            detail,
            "Without API keys the service answers only to http://localhost and http://127.0.0.1."));
  }
}
