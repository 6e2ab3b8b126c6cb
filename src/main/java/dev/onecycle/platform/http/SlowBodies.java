package dev.onecycle.platform.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.jspecify.annotations.Nullable;
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

  /** A longer one is left to the server, which closes the connection over it. */
  private static final long MOST_UNWANTED = 2L * 1024 * 1024;

  /** How slow a body may be: so long for nothing, and a second more for so many bytes. */
  record Pace(Duration patience, int bytesPerSecond) {

    boolean keeps(Duration elapsed, long bytes) {
      return elapsed.minus(patience).toMillis() * bytesPerSecond <= bytes * 1000;
    }
  }

  /** Of any body: its first bytes may have a long way. */
  private final Pace any;

  /** Of a body that holds a place which others wait for. */
  private final Pace hurried;

  SlowBodies(HttpProperties properties) {
    int speed = Math.toIntExact(properties.slowestBody().toBytes());
    this.any = new Pace(Duration.ofSeconds(20), speed);
    this.hurried = new Pace(Duration.ofSeconds(5), speed);
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
        "Send it faster, or a smaller one, or lower onecycle.http.slowest-body.");
  }

  @Override
  public void customize(ConfigurableTomcatWebServerFactory tomcat) {
    tomcat.addEngineValves(watch(System::nanoTime));
  }

  ValveBase watch(LongSupplier nanoTime) {
    return new Watch(nanoTime);
  }

  /** Puts a clock on the body of each request. */
  private final class Watch extends ValveBase {

    private final LongSupplier nanoTime;

    Watch(LongSupplier nanoTime) {
      super(true);
      this.nanoTime = nanoTime;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      org.apache.coyote.Request wire = request.getCoyoteRequest();
      InputBuffer body = wire.getInputBuffer();
      TimedBody timed = new TimedBody(request, nanoTime);
      wire.setInputBuffer(timed);
      try {
        getNext().invoke(request, response);
        if (!request.isAsync()) {
          timed.finish();
        }
      } finally {
        wire.setInputBuffer(body);
      }
    }
  }

  /** Where a part of a body lies that nobody looks at. */
  private static final class Unwanted implements ApplicationBufferHandler {

    private @Nullable ByteBuffer part;

    @Override
    public void setByteBuffer(ByteBuffer buffer) {
      part = buffer;
    }

    @Override
    public @Nullable ByteBuffer getByteBuffer() {
      return part;
    }

    @Override
    public void expand(int size) {}
  }

  /**
   * A body and how long it was waited for: what the server takes for itself is not its caller's.
   */
  private final class TimedBody implements InputBuffer {

    private final InputBuffer body;
    private final org.apache.coyote.Request wire;
    private final HttpServletRequest request;
    private final LongSupplier nanoTime;
    private long waited;
    private long bytes;

    TimedBody(Request request, LongSupplier nanoTime) {
      this.nanoTime = nanoTime;
      this.wire = request.getCoyoteRequest();
      this.body = wire.getInputBuffer();
      this.request = request;
    }

    @Override
    public int doRead(ApplicationBufferHandler handler) throws IOException {
      Pace pace = request.getAttribute(HURRIED) == null ? any : hurried;
      if (!pace.keeps(Duration.ofNanos(waited), bytes)) {
        // Tomcat answers 408 to this one and closes the connection, without waiting for the rest.
        wire.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        throw new SocketTimeoutException("the body came too slowly: " + bytes + " bytes");
      }
      long asked = nanoTime.getAsLong();
      try {
        int read = body.doRead(handler);
        bytes += Math.max(0, read);
        return read;
      } finally {
        waited += nanoTime.getAsLong() - asked;
      }
    }

    /**
     * Reads what no route wanted, as the server would do for a connection that is used again, but
     * at the same pace. A caller who waits to be told to go on has sent nothing.
     */
    void finish() {
      if (wire.getHeader("Expect") != null) {
        return;
      }
      int status = wire.getResponse().getStatus();
      try {
        Unwanted part = new Unwanted();
        int read;
        do {
          read = doRead(part);
        } while (read >= 0 && bytes < MOST_UNWANTED);
      } catch (IOException e) {
        // The rest breaks off or comes too slowly: the answer stands, and the connection ends.
        wire.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        wire.getResponse().setStatus(status);
      }
    }

    @Override
    public int available() {
      return body.available();
    }
  }
}
