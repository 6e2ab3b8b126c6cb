package dev.onecycle.platform.http;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.Role;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A process that only works on runs answers nothing but {@code /actuator}: health and metrics.
 * Behind the keys: who has none learns not even this.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class ActuatorOnlyFilter extends OncePerRequestFilter {

  private final Role role;
  private final Refusals refusals;

  ActuatorOnlyFilter(OnecycleProperties onecycle, Refusals refusals) {
    this.role = onecycle.role();
    this.refusals = refusals;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getServletPath();
    return role.serves() || path.equals("/actuator") || path.startsWith("/actuator/");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    refusals.answer(
        request,
        response,
        new Failure.NotFound(
            "this process works on runs and answers /actuator only",
            "Ask a process whose onecycle.role is api or all."));
  }
}
