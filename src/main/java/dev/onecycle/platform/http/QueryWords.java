package dev.onecycle.platform.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.onecycle.platform.Failure;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.UriUtils;

/**
 * Refuses a number or a truth value that is there and empty, which Spring takes for one that is
 * absent: {@code ?dryRun=} would delete. Refuses NUL, too, which PostgreSQL has no text for. Looks
 * at the query alone: to ask for parameters would read the body, of which the route may have none.
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
    if (query == null) {
      return true;
    }
    if (query.contains("%00")) {
      throw new Failure.Invalid("the query has a NUL", "Leave out %00.");
    }
    if (handler instanceof HandlerMethod route) {
      Set<String> empty =
          Stream.of(query.split("&"))
              .filter(word -> word.indexOf('=') < 0 || word.endsWith("="))
              .map(QueryWords::name)
              .collect(Collectors.toSet());
      for (MethodParameter parameter : route.getMethodParameters()) {
        requireSome(parameter, empty);
      }
    }
    return true;
  }

  private static String name(String word) {
    try {
      return UriUtils.decode(word.replaceFirst("=.*", ""), UTF_8);
    } catch (IllegalArgumentException e) {
      throw new MalformedRequest(
          "the query has a % that encodes nothing", "Send name=value pairs, percent-encoded.");
    }
  }

  private static void requireSome(MethodParameter parameter, Set<String> empty) {
    Class<?> type = parameter.getParameterType();
    String name = parameter.getParameterName();
    if (parameter.hasParameterAnnotation(RequestParam.class)
        && type != String.class
        && name != null
        && empty.contains(name)) {
      throw Failure.Invalid.field(name, StrictWords.problem(type, ""), "", null);
    }
  }
}
