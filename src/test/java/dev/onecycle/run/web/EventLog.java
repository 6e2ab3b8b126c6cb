package dev.onecycle.run.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client of an event stream that reads as a browser's EventSource does, one event at a time. */
final class EventLog implements AutoCloseable {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** One event as it came over the wire. */
  record Event(String id, String type, String data) {}

  private final HttpResponse<InputStream> response;
  private final BufferedReader lines;

  /** Opens the stream; {@code lastEventId} may be null. */
  EventLog(URI uri, String lastEventId) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(30))
            .header("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    response = CLIENT.send(request.build(), BodyHandlers.ofInputStream());
    lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  HttpResponse<InputStream> response() {
    return response;
  }

  /** The next event, or null at the end of the stream. */
  Event next() throws IOException {
    String id = null;
    String type = null;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        type = line.substring(7);
      } else if (line.startsWith("data: ")) {
        return new Event(id, type, line.substring(6));
      }
    }
    return null;
  }

  /** The next comment, which is what a stream says when nothing happens. */
  String comment() throws IOException {
    String line = lines.readLine();
    while (line != null && !line.startsWith(":")) {
      line = lines.readLine();
    }
    return line;
  }

  /** Everything up to the end of the stream. */
  List<Event> rest() throws IOException {
    List<Event> all = new ArrayList<>();
    for (Event event = next(); event != null; event = next()) {
      all.add(event);
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
