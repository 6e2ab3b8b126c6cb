package dev.onecycle.serving.web;

import dev.onecycle.serving.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Tomcat's HTTP/1.1, in which a route may ask whether its caller is still connected. The servlet
 * API tells that only to those who write. Made by Tomcat, by its name.
 */
public final class WatchfulProtocol extends Http11NioProtocol {

  private static final String CALLER = Caller.class.getName();
  private static final Caller UNKNOWN = () -> false;
  private static final long BETWEEN_WORDS = Duration.ofMillis(250).toNanos();
  private static final byte[] PROCESSING =
      "HTTP/1.1 102 Processing\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /**
   * Returns whoever sent this request; to be asked by its thread, once the whole body was read. One
   * whose request came before the answer to another is not watched.
   */
  static Caller caller(HttpServletRequest request) {
    return request.getAttribute(CALLER) instanceof Caller caller ? caller : UNKNOWN;
  }

  @Override
  protected Processor createProcessor() {
    return new WatchfulProcessor(this, getAdapter());
  }

  private static final class WatchfulProcessor extends Http11Processor {

    WatchfulProcessor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
      super(protocol, adapter);
    }

    @Override
    public SocketState service(SocketWrapperBase<?> socket) throws IOException {
      getRequest().setAttribute(CALLER, new Watched(socket, getRequest()));
      return super.service(socket);
    }
  }

  /**
   * The caller at the other end of a socket. Who sends no more may still listen, and looks the same
   * as who left: so they are told that their request is being processed, which RFC 9110 allows at
   * any time. Of those who left, the machine answers the first of these words with a reset, and the
   * next one fails.
   */
  private static final class Watched implements Caller {

    private final SocketWrapperBase<?> socket;
    private final Request request;
    private long told;

    Watched(SocketWrapperBase<?> socket, Request request) {
      this.socket = socket;
      this.request = request;
    }

    @Override
    public boolean hasHungUp() {
      try {
        if (sendsNoMore() && request.protocol().toString().equals("HTTP/1.1")) {
          tell();
        }
        return false;
      } catch (IOException e) {
        return true;
      }
    }

    /** Tries to read on without waiting; what belongs to the next request is put back. */
    private boolean sendsNoMore() throws IOException {
      ByteBuffer next = ByteBuffer.allocate(1);
      try {
        int read = socket.read(false, next);
        if (read > 0) {
          socket.unRead(next.flip());
        }
        return read < 0;
      } catch (EOFException e) {
        return true;
      }
    }

    private void tell() throws IOException {
      long now = System.nanoTime();
      if (told == 0 || now - told > BETWEEN_WORDS) {
        told = now;
        socket.write(true, ByteBuffer.wrap(PROCESSING));
        socket.flush(true);
      }
    }
  }
}
