package dev.onecycle.serving.web;

import dev.onecycle.serving.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
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
      Caller caller = () -> hasEnded(socket);
      getRequest().setAttribute(CALLER, caller);
      return super.service(socket);
    }
  }

  /** Tries to read on without waiting; what belongs to the next request is put back. */
  private static boolean hasEnded(SocketWrapperBase<?> socket) {
    ByteBuffer next = ByteBuffer.allocate(1);
    try {
      int read = socket.read(false, next);
      if (read > 0) {
        socket.unRead(next.flip());
      }
      return read < 0;
    } catch (IOException e) {
      return true;
    }
  }
}
