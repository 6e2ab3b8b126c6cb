package dev.onecycle.platform.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Bodies come at a reasonable pace or are refused with 408: Tomcat's own limit is on each read, and
 * a byte every now and then keeps within it for hours.
 *
 * <p>A body has some time, and more with every byte that came. It is counted below everything that
 * reads bodies, multipart parsing included.
 */
@Component
public class SlowBodies implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

  private static final String HURRIED = SlowBodies.class.getName() + ".hurried";

  /** How slow a body may be: so long for nothing, and a second more for so many bytes. */
  record Pace(Duration patience, int bytesPerSecond) {

    /** Datasets come over long lines. */
    static final Pace ANY = new Pace(Duration.ofSeconds(20), 16 * 1024);

    /** Of a body that holds a place which others wait for. */
    static final Pace HURRIED = new Pace(Duration.ofSeconds(5), 64 * 1024);

    boolean keeps(Duration elapsed, long bytes) {
      return elapsed.minus(patience).toMillis() * bytesPerSecond <= bytes * 1000;
    }
  }

  /** Lets this request's body take less time: it holds what others wait for. */
  public static void hurry(HttpServletRequest request) {
    request.setAttribute(HURRIED, true);
  }

  /** Whether a body was ended here, or by the server because nothing came at all. */
  static boolean ended(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException) {
        return true;
      }
    }
    return false;
  }

  static Problem problem() {
    return Problem.of(
        HttpStatus.REQUEST_TIMEOUT,
        "the body came too slowly",
        "Send it faster, or a smaller one.");
  }

  @Override
  public void customize(ConfigurableTomcatWebServerFactory tomcat) {
    tomcat.addEngineValves(new Watch());
  }

  /** Puts a clock on the body of each request. */
  private static final class Watch extends ValveBase {

    Watch() {
      super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      org.apache.coyote.Request wire = request.getCoyoteRequest();
      InputBuffer body = wire.getInputBuffer();
      wire.setInputBuffer(new TimedBody(request));
      try {
        getNext().invoke(request, response);
      } finally {
        wire.setInputBuffer(body);
      }
    }
  }

  /** A body and when its first part was asked for. */
  private static final class TimedBody implements InputBuffer {

    private final InputBuffer body;
    private final org.apache.coyote.Request wire;
    private final HttpServletRequest request;
    private long begun;
    private long bytes;

    TimedBody(Request request) {
      this.wire = request.getCoyoteRequest();
      this.body = wire.getInputBuffer();
      this.request = request;
    }

    @Override
    public int doRead(ApplicationBufferHandler handler) throws IOException {
      long now = System.nanoTime();
      begun = begun == 0 ? now : begun;
      Pace pace = request.getAttribute(HURRIED) == null ? Pace.ANY : Pace.HURRIED;
      if (!pace.keeps(Duration.ofNanos(now - begun), bytes)) {
        // Tomcat answers 408 to this one and closes the connection, without waiting for the rest.
        wire.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        throw new SocketTimeoutException("the body came too slowly: " + bytes + " bytes");
      }
      int read = body.doRead(handler);
      bytes += Math.max(0, read);
      return read;
    }

    @Override
    public int available() {
      return body.available();
    }
  }
}
