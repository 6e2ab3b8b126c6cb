package dev.onecycle.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.StartRefused;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookTest {

  private static final String URL = "https://example.org/token-of-mine";

  private static Webhook hook(String name, String url, List<String> events, String secret) {
    return new Webhook(name, url, events, secret);
  }

  /** The example of Standard Webhooks' own libraries. */
  @Test
  void signsAsTheStandardDoes() {
    assertThat(
            hook("a", URL, null, Receiver.SECRET)
                .signature(
                    "msg_p5jXN8AQM9LWM0D4loKWxJek",
                    Instant.ofEpochSecond(1_614_265_330),
                    "{\"test\": 2432232314}"))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void wantsWhatItNames() {
    assertThat(hook("a", URL, null, Receiver.SECRET).wants("worker.lost")).isTrue();
    Webhook some = hook("a", URL, List.of("run.ended"), Receiver.SECRET);
    assertThat(some.wants("run.ended")).isTrue();
    assertThat(some.wants("model.switched")).isFalse();
    assertThat(some).hasToString("a");
  }

  @Test
  void refusesTheStartAndTellsNoSecret() {
    String secret = "whsec_c2hvcnQ=";
    assertRefused("no name", null, URL, null, Receiver.SECRET);
    assertRefused("no name", "a b", URL, null, Receiver.SECRET);
    for (String url :
        List.of("", "ftp://example.org", "https:///x", "https://me@example.org", "ht tp://x")) {
      assertRefused("has no url of a server", "a", url, null, Receiver.SECRET);
    }
    assertRefused("'run.begun', which is none", "a", URL, List.of("run.begun"), Receiver.SECRET);
    assertRefused("wants no event", "a", URL, List.of(), Receiver.SECRET);
    assertRefused("24 to 64 bytes", "a", URL, null, secret);
    assertRefused("24 to 64 bytes", "a", URL, null, null);
    assertRefused("24 to 64 bytes", "a", URL, null, "whsec_%%%");
    assertThatThrownBy(() -> hook("a", URL, null, secret))
        .hasMessageNotContaining(secret)
        .hasMessageNotContaining("token-of-mine");
  }

  private static void assertRefused(
      String because, String name, String url, List<String> events, String secret) {
    assertThatThrownBy(() -> hook(name, url, events, secret))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining(because);
  }

  @Test
  void settingsAreAsStrict() {
    Webhook plain = hook("a", "http://10.0.0.1:9/x", null, Receiver.SECRET);
    assertThat(new WebhookProperties(null, false, 1).hooks()).isEmpty();
    assertThat(new WebhookProperties(List.of(plain), true, 1).hooks()).hasSize(1);
    assertThatThrownBy(() -> new WebhookProperties(List.of(plain), false, 1))
        .hasMessage("the webhook 'a' is not https");
    assertThatThrownBy(() -> new WebhookProperties(List.of(plain, plain), true, 1))
        .hasMessage("two webhooks are called 'a'");
    assertThatThrownBy(() -> new WebhookProperties(Collections.nCopies(17, plain), true, 1))
        .hasMessage("17 webhooks > maximum 16");
  }

  @Test
  void waitsTwiceAsLongEachTimeUpToAnHour() {
    assertThat(Deliveries.delay(1)).isEqualTo(Duration.ofSeconds(2));
    assertThat(Deliveries.delay(4)).isEqualTo(Duration.ofSeconds(16));
    assertThat(Deliveries.delay(12)).isEqualTo(Duration.ofHours(1));
    assertThat(Deliveries.delay(200)).isEqualTo(Duration.ofHours(1));
    Duration all = Duration.ZERO;
    for (int attempt = 1; attempt < 32; attempt++) {
      all = all.plus(Deliveries.delay(attempt));
    }
    assertThat(all)
        .as("the default is about a day")
        .isBetween(Duration.ofHours(20), Duration.ofHours(28));
  }
}
