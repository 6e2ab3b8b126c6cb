package dev.onecycle.platform.http;

import dev.onecycle.platform.Failure;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Refuses a number or a truth value that is there and empty, which Spring takes for one that is
 * absent: {@code ?dryRun=} would delete. Refuses NUL, too, which PostgreSQL has no text for.
 */
@Component
class QueryWords implements HandlerInterceptor, WebMvcConfigurer {

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this);
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    String query = request.getQueryString();
    if (query != null && query.contains("%00")) {
      throw new Failure.Invalid("the query has a NUL", "Leave out %00.");
    }
    if (handler instanceof HandlerMethod route) {
      for (MethodParameter parameter : route.getMethodParameters()) {
        requireSome(parameter, request);
      }
    }
    return true;
  }

  private static void requireSome(MethodParameter parameter, HttpServletRequest request) {
    Class<?> type = parameter.getParameterType();
    String name = parameter.getParameterName();
    if (!parameter.hasParameterAnnotation(RequestParam.class)
        || name == null
        || type == String.class) {
      return;
    }
    String[] values = request.getParameterValues(name);
    if (values != null && Arrays.asList(values).contains("")) {
      throw Failure.Invalid.field(name, StrictWords.problem(type, ""), "", null);
    }
  }
}
