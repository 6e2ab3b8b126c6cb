package dev.onecycle.platform.http;

import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.Role;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/** A process that only works on runs answers nothing but {@code /actuator}: health and metrics. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class WorkerDoor extends OncePerRequestFilter {

  private final Role role;
  private final JsonMapper mapper;

  WorkerDoor(OnecycleProperties onecycle, JsonMapper mapper) {
    this.role = onecycle.role();
    this.mapper = mapper;
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
    Problem problem =
        Problem.of(
            HttpStatus.NOT_FOUND,
            "this process works on runs and answers /actuator only",
            "Ask a process whose onecycle.role is api or all.");
    response.setStatus(problem.status());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.getOutputStream().write(mapper.writeValueAsBytes(problem.at(request.getRequestURI())));
  }
}
