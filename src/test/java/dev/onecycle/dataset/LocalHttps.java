package dev.onecycle.dataset;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.onecycle.store.DiskSpace;
import dev.onecycle.store.download.Download;
import dev.onecycle.store.download.Trusting;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.springframework.context.support.GenericApplicationContext;

/**
 * A https server on loopback with one archive, of which it sends half until it is opened; and what
 * lets a service of another process download from it.
 */
public final class LocalHttps implements AutoCloseable {

  private static final String TRUSTED = "https.trusted";
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path keys;
  private final HttpsServer server;
  private final CountDownLatch opened = new CountDownLatch(1);

  public LocalHttps(Path keys, byte[] archive)
      throws IOException, InterruptedException, GeneralSecurityException {
    this.keys = keys;
    makeKeys();
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.setHttpsConfigurator(new HttpsConfigurator(tls(keys)));
    server.createContext("/archive", exchange -> answer(exchange, archive));
    server.start();
  }

  private void makeKeys() throws IOException, InterruptedException {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    ProcessBuilder made =
        new ProcessBuilder(
            keytool,
            "-genkeypair",
            "-alias",
            "server",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "SAN=dns:localhost",
            "-storepass",
            new String(PASSWORD),
            "-keystore",
            keys.toString());
    if (made.inheritIO().start().waitFor() != 0) {
      throw new IllegalStateException("keytool failed");
    }
  }

  private static SSLContext tls(Path keys) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD);
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private void answer(HttpExchange exchange, byte[] archive) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, archive.length);
      int half = archive.length / 2;
      exchange.getResponseBody().write(archive, 0, half);
      exchange.getResponseBody().flush();
      opened.await();
      exchange.getResponseBody().write(archive, half, archive.length - half);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where the archive is. */
  public String url() {
    return "https://localhost:" + server.getAddress().getPort() + "/archive";
  }

  /** Sends the other half from now on, also of what is being sent. */
  public void open() {
    opened.countDown();
  }

  /** A flag for the JVM of a service that calls {@link #trust}. */
  public String flag() {
    return "-D" + TRUSTED + "=" + keys;
  }

  /** Lets a service download from this machine, and trusts the server that the flag names. */
  public static void trust(GenericApplicationContext context) {
    String keys = System.getProperty(TRUSTED);
    if (keys != null) {
      context.registerBean("sourcePacker", SourcePacker.class, () -> packer(context, keys));
    }
  }

  private static SourcePacker packer(GenericApplicationContext context, String keys) {
    try {
      SSLContext tls = tls(Path.of(keys));
      DatasetProperties properties = context.getBean(DatasetProperties.class);
      DiskSpace space = context.getBean(DiskSpace.class);
      Download.Limits limits =
          new Download.Limits(
              properties.maxUpload().toBytes(), properties.maxDownloadTime(), "the test's");
      Download download = Trusting.download(tls, space, limits);
      return new SourcePacker(properties, download, space);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    open();
    server.stop(0);
  }
}
