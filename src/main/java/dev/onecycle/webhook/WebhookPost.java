package dev.onecycle.webhook;

import dev.onecycle.store.download.Connections;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way. Redirects are not followed, and of the answer only its status is looked
 * at. {@link #abandon} may be called from another thread.
 */
final class WebhookPost {

  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final HttpURLConnection connection;
  private final byte[] body;

  /**
   * Makes the message ready.
   *
   * @throws IOException if the receiver may not be asked
   */
  WebhookPost(Webhook hook, Delivery delivery, Instant now, Connections connections)
      throws IOException {
    connection = connections.open(hook.url(), SILENCE);
    body = delivery.body().getBytes(StandardCharsets.UTF_8);
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.length); // which also sends it once at most
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("webhook-id", delivery.message());
    connection.setRequestProperty("webhook-timestamp", Long.toString(now.getEpochSecond()));
    connection.setRequestProperty(
        "webhook-signature", hook.signature(delivery.message(), now, delivery.body()));
  }

  /** Sends it, and returns null where it was taken, else why not. */
  @Nullable String send() {
    try {
      connection.getOutputStream().write(body);
      int status = connection.getResponseCode();
      if (status >= 300 && status <= 399) {
        return "it answered " + status + ", a redirect, and none is followed";
      }
      return status >= 200 && status <= 299 ? null : "it answered " + status;
    } catch (IOException | RuntimeException e) {
      // The JDK answers some addresses and some answers with what it stumbles into.
      return e.getMessage() == null ? e.toString() : e.getMessage();
    } finally {
      connection.disconnect();
    }
  }

  /** Has it fail now. */
  void abandon() {
    connection.disconnect();
  }
}
