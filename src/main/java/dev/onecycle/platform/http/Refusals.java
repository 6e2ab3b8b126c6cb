package dev.onecycle.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Answers in a filter as if a route had thrown: one place makes all problem documents. */
@Component
public class Refusals {

  private final HandlerExceptionResolver problems;

  Refusals(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
    this.problems = problems;
  }

  /** Answers the request with the problem document of that failure. */
  public void answer(
      HttpServletRequest request, HttpServletResponse response, RuntimeException failure) {
    problems.resolveException(request, response, null, failure);
  }
}
