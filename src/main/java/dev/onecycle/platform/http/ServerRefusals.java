package dev.onecycle.platform.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.catalina.valves.ValveBase;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers with a problem document what the server refuses before there is a request that a route
 * could see: heads that are no HTTP, paths with characters that none may have. Made by Tomcat, by
 * its name.
 */
public final class ServerRefusals extends ErrorReportValve {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              all -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  /** Has the server answer so. */
  @Component
  static class Customizer
      implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

    @Override
    public void customize(ConfigurableTomcatWebServerFactory tomcat) {
      tomcat.addContextCustomizers(
          context -> {
            ((StandardHost) context.getParent())
                .setErrorReportValveClass(ServerRefusals.class.getName());
            context.getPipeline().addValve(new PathParameters());
          });
    }
  }

  /**
   * Refuses parameters in a path, as in {@code /runs;a=b}. No route has any, and Tomcat passes on
   * what is not percent-encoded in them, at which Spring fails before its firewall looks.
   */
  private static final class PathParameters extends ValveBase {

    PathParameters() {
      super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      if (request.getRequestURI().contains(";")) {
        answer(request, response, HttpStatus.BAD_REQUEST);
      } else {
        getNext().invoke(request, response);
      }
    }
  }

  @Override
  protected void report(Request request, Response response, Throwable failure) {
    boolean nothingSaid = response.getContentWritten() == 0 && response.setErrorReported();
    if (response.getStatus() < 400 || !nothingSaid) {
      return;
    }
    answer(request, response, status(response.getStatus()));
  }

  private static void answer(Request request, Response response, HttpStatus status) {
    String id = UUID.randomUUID().toString();
    Problem problem = problem(status).met(request.getRequestURI(), id);
    byte[] json = MAPPER.writeValueAsString(problem).getBytes(StandardCharsets.UTF_8);
    try {
      response.setStatus(status.value());
      response.setHeader(RequestIds.HEADER, id);
      response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
      response.setContentLength(json.length);
      response.getOutputStream().write(json);
      response.finishResponse();
    } catch (IOException e) {
      // The caller left.
    }
  }

  /**
   * Callers can ask for versions and codings that nobody here knows. That is no failure of the
   * service, and does not count as one.
   */
  private static HttpStatus status(int given) {
    HttpStatus status = HttpStatus.resolve(given);
    return status == null
            || status == HttpStatus.NOT_IMPLEMENTED
            || status == HttpStatus.HTTP_VERSION_NOT_SUPPORTED
        ? HttpStatus.BAD_REQUEST
        : status;
  }

  private static Problem problem(HttpStatus status) {
    return switch (status) {
      case BAD_REQUEST ->
          Problem.of(
              status,
              "the request's line, path or headers are not HTTP as this service speaks it",
              "Send HTTP/1.1 with a Host, at most 16 KB of headers, and everything in the path"
                  + " percent-encoded but letters, digits and -._~/");
      case REQUEST_TIMEOUT -> SlowBodies.problem();
      default -> Problem.of(status, "the request was refused before it reached a route", null);
    };
  }
}
