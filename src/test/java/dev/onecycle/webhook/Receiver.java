package dev.onecycle.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server that is told, on loopback: it keeps every message, and answers as it is told to. */
final class Receiver implements AutoCloseable {

  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private final int port;
  private final List<Message> messages = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile ToIntFunction<Message> answer = message -> 204;
  private volatile HttpServer server;

  /** What came, headers by their names in lower case. */
  record Message(Map<String, String> headers, String body) {

    String id() {
      return headers.get("webhook-id");
    }

    JsonNode json() {
      return new JsonMapper().readTree(body);
    }

    String type() {
      return json().get("type").asString();
    }
  }

  /** One that is down, at a port that is free. */
  Receiver() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  String url() {
    return "http://127.0.0.1:" + port + "/told";
  }

  /** From now on it answers. */
  Receiver up() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/", this::told);
    server.start();
    return this;
  }

  /** Answers so from now on: with a status, or by throwing, which cuts the connection. */
  void answers(ToIntFunction<Message> status) {
    answer = status;
  }

  private void told(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    exchange.getRequestHeaders().forEach((name, all) -> headers.put(lower(name), all.get(0)));
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    Message message = new Message(headers, body);
    messages.add(message);
    int status = answer.applyAsInt(message);
    exchange.getResponseHeaders().set("Location", "/elsewhere");
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Everything that came, in its order, whatever was answered. */
  List<Message> messages() {
    return messages;
  }

  /** What came of a kind, the first time that it did. */
  List<Message> first(String type) {
    Map<String, Message> byId = new LinkedHashMap<>();
    messages.stream()
        .filter(message -> message.type().equals(type))
        .forEach(message -> byId.putIfAbsent(message.id(), message));
    return List.copyOf(byId.values());
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
    threads.shutdownNow();
  }
}
