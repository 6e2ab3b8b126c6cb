package dev.onecycle.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A small client for tests: paths in, answers out, JSON both ways. Safe for any thread. */
public final class Http {

  static {
    // Tests say whose Host they pretend to be; the JDK's client forbids it by default.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
  }

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final JsonMapper MAPPER = new JsonMapper();

  private final int port;
  private final String[] always;

  public Http(int port) {
    this(port, new String[0]);
  }

  private Http(int port, String[] always) {
    this.port = port;
    this.always = always;
  }

  /** The same client with the API key of somebody. */
  public Http as(String key) {
    return new Http(port, new String[] {"Authorization", "Bearer " + key});
  }

  /** An answer of the server. */
  public record Answer(int status, HttpHeaders headers, byte[] bytes) {

    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
      return MAPPER.readTree(bytes);
    }

    /** The header of that name, or an empty string. */
    public String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  /** {@code headers} alternate name and value, here and below. */
  public Answer get(String path, String... headers) {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  public Answer delete(String path, String... headers) {
    return send("DELETE", path, BodyPublishers.noBody(), headers);
  }

  /** Sends {@code body} as JSON; a string is sent as it is. */
  public Answer post(String path, Object body, String... headers) {
    return json("POST", path, body, headers);
  }

  /** Sends {@code body} as JSON; a string is sent as it is. */
  public Answer put(String path, Object body, String... headers) {
    return json("PUT", path, body, headers);
  }

  /** Sends {@code body} as JSON; a string is sent as it is. */
  public Answer json(String method, String path, Object body, String... headers) {
    String text = body instanceof String json ? json : MAPPER.writeValueAsString(body);
    return send(method, path, BodyPublishers.ofString(text), with(headers, "application/json"));
  }

  /** Posts bytes of that content type. */
  public Answer post(String path, String contentType, byte[] body, String... headers) {
    return send("POST", path, BodyPublishers.ofByteArray(body), with(headers, contentType));
  }

  /** Patches with bytes of that content type. */
  public Answer patch(String path, String contentType, byte[] body) {
    return send("PATCH", path, BodyPublishers.ofByteArray(body), with(new String[0], contentType));
  }

  private Answer send(String method, String path, BodyPublisher body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).method(method, body);
    request.timeout(Duration.ofSeconds(60));
    add(request, always);
    add(request, headers);
    try {
      HttpResponse<byte[]> response = CLIENT.send(request.build(), BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + path, e);
    }
  }

  private static void add(HttpRequest.Builder request, String... headers) {
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
  }

  /** Where a path of the server lies, for clients of another kind. */
  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static String[] with(String[] headers, String contentType) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "Content-Type";
    all[1] = contentType;
    return all;
  }
}
