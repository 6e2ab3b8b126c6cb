package dev.onecycle.store.download;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocketFactory;

/**
 * TLS over sockets that look at the address they are about to connect to. The check and the
 * connection use the same resolved address, so a name that resolves differently the second time
 * gains nothing.
 */
final class GuardedSockets extends SSLSocketFactory {

  private final SSLSocketFactory tls;
  private final Predicate<InetAddress> allowed;

  GuardedSockets(SSLSocketFactory tls, Predicate<InetAddress> allowed) {
    this.tls = tls;
    this.allowed = allowed;
  }

  /** An address that an import may not talk to. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    Refused(String host) {
      super(host + " is not a public address");
    }
  }

  /** The socket that HttpsURLConnection connects and then wraps in TLS. */
  @Override
  public Socket createSocket() {
    return new Socket() {
      @Override
      public void connect(SocketAddress endpoint, int timeout) throws IOException {
        if (!(endpoint instanceof InetSocketAddress address)
            || address.isUnresolved()
            || !allowed.test(address.getAddress())) {
          throw new Refused(((InetSocketAddress) endpoint).getHostString());
        }
        super.connect(endpoint, timeout);
      }
    };
  }

  @Override
  public Socket createSocket(Socket connected, String host, int port, boolean autoClose)
      throws IOException {
    return tls.createSocket(connected, host, port, autoClose);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), host);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress address, int port) throws IOException {
    return connected(new InetSocketAddress(address, port), address.getHostAddress());
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket(address, port);
  }

  private Socket connected(InetSocketAddress address, String host) throws IOException {
    Socket socket = createSocket();
    socket.connect(address, 0);
    return tls.createSocket(socket, host, address.getPort(), true);
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return tls.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls.getSupportedCipherSuites();
  }
}
