package dev.onecycle.page;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A proxy before a service, which gives it a prefix and can be cut off: one request a connection,
 * whose first line loses the prefix on the way.
 */
final class Proxy implements AutoCloseable {

  private static final String PREFIX = "/behind/it";
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private final int service;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final int port;
  private ServerSocket server;

  Proxy(URI service) throws IOException {
    this.service = service.getPort();
    listen(0);
    this.port = server.getLocalPort();
  }

  URI page() {
    return URI.create("http://127.0.0.1:" + port + PREFIX + "/ui/");
  }

  /** Ends all connections and takes no other until {@link #heal}. */
  void cut() throws IOException {
    server.close();
    open.forEach(Proxy::close);
    open.clear();
  }

  void heal() throws IOException {
    listen(port);
  }

  private void listen(int number) throws IOException {
    ServerSocket listening = new ServerSocket();
    listening.setReuseAddress(true);
    listening.bind(new InetSocketAddress(HERE, number));
    server = listening;
    start(
        () -> {
          while (true) {
            Socket client = listening.accept();
            start(() -> pass(client));
          }
        });
  }

  private void pass(Socket client) throws IOException {
    open.add(client);
    try (client;
        Socket there = new Socket(HERE, service)) {
      open.add(there);
      String head = head(client.getInputStream());
      String sent =
          head.replaceFirst(" " + PREFIX + "/", " /")
              .replaceFirst("(?i)\r\nconnection: [^\r]*", "\r\nConnection: close");
      there.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
      start(() -> client.getInputStream().transferTo(there.getOutputStream()));
      there.getInputStream().transferTo(client.getOutputStream());
      open.remove(there);
    } finally {
      open.remove(client);
    }
  }

  /** The request's first lines, to the empty one. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private interface Passing {
    void run() throws IOException;
  }

  /** A connection that ends is no failure here. */
  private static void start(Passing passing) {
    Thread thread =
        new Thread(
            () -> {
              try {
                passing.run();
              } catch (IOException ended) {
                // as connections do
              }
            },
            "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    cut();
  }
}
