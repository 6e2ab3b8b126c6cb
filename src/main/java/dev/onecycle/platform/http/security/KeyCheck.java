package dev.onecycle.platform.http.security;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Refusals;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Says whose request it is. A request with a wrong key goes no further; one without a key does, and
 * is nobody's.
 */
final class KeyCheck extends OncePerRequestFilter {

  private final SecurityProperties security;
  private final Guesses guesses;
  private final Refusals refusals;

  KeyCheck(SecurityProperties security, Guesses guesses, Refusals refusals) {
    this.security = security;
    this.guesses = guesses;
    this.refusals = refusals;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String presented = Credentials.of(request);
    ApiKey key = presented == null ? null : security.find(presented);
    if (presented != null && key == null) {
      refuse(request, response);
      return;
    }
    if (key != null) {
      SecurityContext context = SecurityContextHolder.createEmptyContext();
      context.setAuthentication(
          new PreAuthenticatedAuthenticationToken(key.name(), null, key.role().authorities()));
      SecurityContextHolder.setContext(context);
    }
    chain.doFilter(request, response);
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response) {
    Duration wait = guesses.wrong(request.getRemoteAddr());
    if (wait.isZero()) {
      Credentials.challenge(request, response);
      refusals.answer(
          request,
          response,
          new Failure.Unauthenticated("this API key is not known here", "Check it for typing."));
    } else {
      refusals.answer(
          request,
          response,
          new Failure.Overloaded("too many wrong API keys came from your address", wait));
    }
  }
}
