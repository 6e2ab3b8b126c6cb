package dev.onecycle.store.download;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Connections to servers that others named. None follows a redirect by itself. */
public final class Connections {

  /** Null where plain http is allowed, too. */
  private final @Nullable Supplier<SSLSocketFactory> tls;

  private final Predicate<InetAddress> allowed;

  Connections(@Nullable Supplier<SSLSocketFactory> tls, Predicate<InetAddress> allowed) {
    this.tls = tls;
    this.allowed = allowed;
  }

  /** To public servers only, by https, trusting those that Java trusts. */
  public static Connections toPublic() {
    return new Connections(
        () -> (SSLSocketFactory) SSLSocketFactory.getDefault(), PublicAddress::is);
  }

  /** To any server, this machine and its networks included, by http or https. */
  public static Connections anywhere() {
    return new Connections(null, address -> true);
  }

  /**
   * Makes one, which connects when it is first used: with an IOException where the server's address
   * is not allowed.
   *
   * @param silence how long the server may take to connect, and between two of its bytes
   * @throws IOException if it is a URL of another kind
   */
  public HttpURLConnection open(URI uri, Duration silence) throws IOException {
    if (!(uri.toURL().openConnection(Proxy.NO_PROXY) instanceof HttpURLConnection connection)) {
      throw new IOException("it is not a web server's URL");
    }
    if (tls != null) {
      if (!(connection instanceof HttpsURLConnection secure)) {
        throw new IOException("it is not https");
      }
      secure.setSSLSocketFactory(new GuardedSockets(tls.get(), allowed));
    }
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout((int) silence.toMillis());
    connection.setReadTimeout((int) silence.toMillis());
    connection.setRequestProperty("User-Agent", "onecycle");
    return connection;
  }
}
