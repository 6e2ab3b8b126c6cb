package dev.onecycle.serving.web;

import dev.onecycle.serving.Caller;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Lets a route ask whether its caller is still connected. The servlet API tells that only to those
 * who write; Tomcat knows it before.
 */
@Component
class Connections implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  private static final String CALLER = Connections.class.getName();

  /** Whoever sent this request; to be asked by its thread, once the whole body was read. */
  static Caller caller(HttpServletRequest request) {
    return (Caller) request.getAttribute(CALLER);
  }

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.addContextValves(
        new ValveBase(true) {
          @Override
          public void invoke(Request request, Response response)
              throws IOException, ServletException {
            Caller caller = () -> hasEnded(request.getCoyoteRequest());
            request.setAttribute(CALLER, caller);
            getNext().invoke(request, response);
          }
        });
  }

  /**
   * Tries to read on without waiting. Tomcat answers 1 where that fails, which it does at the end
   * of a connection; the number of bytes where they are of the next request; and else 0.
   */
  private static boolean hasEnded(org.apache.coyote.Request request) {
    request.action(ActionCode.AVAILABLE, true);
    return request.getAvailable() == 1;
  }
}
