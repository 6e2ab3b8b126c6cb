package dev.onecycle.store.download;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a real https server on loopback, which a test may allow. */
class DownloadTest {

  private static final String SHA_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path keys;
  @TempDir Path directory;

  private static HttpsServer server;
  private static SSLContext tls;

  @BeforeAll
  static void serve() throws Exception {
    tls = selfSigned(keys.resolve("keys.p12"));
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext("/abc", exchange -> answer(exchange, 200, null, "abc"));
    server.createContext("/moved", exchange -> answer(exchange, 302, "/abc", ""));
    server.createContext("/plain", e -> answer(e, 302, "http://localhost/abc", ""));
    server.createContext("/loop", exchange -> answer(exchange, 302, "/loop", ""));
    server.createContext("/port", e -> answer(e, 302, "https://localhost:99999/abc", ""));
    server.createContext("/odd", e -> answer(e, 302, "https://[:::]/%zz", ""));
    server.createContext("/inside", e -> answer(e, 302, "https://169.254.169.254/key", ""));
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  private static SSLContext selfSigned(Path file) throws Exception {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> command = new ArrayList<>(List.of(keytool, "-genkeypair", "-alias", "server"));
    command.addAll(List.of("-keyalg", "EC", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost"));
    command.addAll(List.of("-storepass", new String(PASSWORD), "-keystore", file.toString()));
    Process made = new ProcessBuilder(command).redirectErrorStream(true).start();
    made.getInputStream().readAllBytes();
    assertThat(made.waitFor()).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
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

  private static void answer(HttpExchange exchange, int status, String location, String body)
      throws IOException {
    if (location != null) {
      exchange.getResponseHeaders().set("Location", location);
    }
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void fetch(String path, String sha256, long maxBytes, Predicate<InetAddress> allowed)
      throws IOException {
    String url = "https://localhost:" + server.getAddress().getPort() + path;
    new Download(
            new Connections(tls::getSocketFactory, allowed),
            new DiskSpace(0),
            new Download.Limits(maxBytes, Duration.ofMinutes(1), "this test"),
            Clock.systemUTC())
        .fetch(
            new RemoteFile(url, sha256),
            directory.resolve("file"),
            new Download.Listener() {
              @Override
              public void total(long bytes) {
                assertThat(bytes).isEqualTo(3);
              }

              @Override
              public void accept(long bytes) {}
            });
  }

  private void assertRefused(
      String path, String sha256, long maxBytes, Predicate<InetAddress> allowed, String because) {
    assertThatThrownBy(() -> fetch(path, sha256, maxBytes, allowed))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining(because);
  }

  @Test
  void fetchesAndFollowsRedirectsAndChecksTheSum() throws IOException {
    fetch("/moved", SHA_OF_ABC, 3, address -> true);
    assertThat(directory.resolve("file")).hasContent("abc");
  }

  @Test
  void refusesAnotherSumTooManyBytesAndWhatIsNotThere() {
    assertRefused("/abc", "0".repeat(64), 3, address -> true, "expected " + "0".repeat(64));
    assertRefused("/abc", null, 2, address -> true, "3 bytes or more > maximum 2");
    assertRefused("/none", null, 3, address -> true, "answered 404");
  }

  @Test
  void refusesRedirectsAwayFromHttpsToPrivateServersAndWithoutEnd() {
    assertRefused("/plain", null, 3, address -> true, "away from https");
    assertRefused("/port", null, 3, address -> true, "reading from localhost failed");
    assertRefused("/odd", null, 3, address -> true, "reading from localhost failed");
    assertRefused("/loop", null, 3, address -> true, "more than 5 redirects");
    Predicate<InetAddress> loopbackToo = a -> a.isLoopbackAddress() || PublicAddress.is(a);
    assertRefused("/inside", null, 3, loopbackToo, "169.254.169.254 is not a public address");
  }

  @Test
  void refusesAPrivateServer() {
    assertRefused("/abc", null, 3, PublicAddress::is, "localhost is not a public address");
  }

  /** A name that resolves to something else the second time is judged by what is connected to. */
  @Test
  void judgesTheAddressThatItConnectsTo() throws IOException {
    Deque<InetAddress> judged = new ArrayDeque<>();
    fetch("/moved", null, 3, address -> judged.add(address));
    assertThat(judged).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
  }
}
