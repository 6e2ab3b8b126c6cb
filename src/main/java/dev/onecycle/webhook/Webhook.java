package dev.onecycle.webhook;

import dev.onecycle.platform.StartRefused;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.ConstructorBinding;

/**
 * A receiver of the settings. It signs as Standard Webhooks 1.0 has it: {@code
 * base64(HMAC-SHA-256(secret, id + "." + timestamp + "." + body))}.
 *
 * @param name what it is called in logs and metrics, which show neither its address nor its secret
 * @param url where events are posted to
 * @param events which
 */
record Webhook(String name, URI url, Set<EventType> events, SecretKeySpec secret) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,32}");
  private static final String ALGORITHM = "HmacSHA256";
  private static final String PREFIX = "whsec_";
  private static final int SHORTEST = 24;
  private static final int LONGEST = 64;

  /**
   * @param events their words; all where it is null
   * @param secret {@code whsec_} and 24 to 64 bytes in base64
   * @throws StartRefused if anything about it is wrong; the message holds neither url nor secret
   */
  @ConstructorBinding
  Webhook(String name, String url, @Nullable List<String> events, String secret) {
    this(checked(name), url(name, url), types(name, events), key(name, secret));
  }

  private static String checked(@Nullable String name) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new StartRefused(
          "a webhook of onecycle.webhook.hooks has no name, or one that is not allowed",
          "Name it with 1 to 32 letters, digits, dots, hyphens and underscores.");
    }
    return name;
  }

  private static URI url(String name, @Nullable String url) {
    try {
      URI uri = URI.create(url == null ? "" : url);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean web = scheme.equals("https") || scheme.equals("http");
      if (web && uri.getHost() != null && uri.getUserInfo() == null && uri.getPort() != 0) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw refused(
        name, "has no url of a server", "Give it one such as https://example.org/onecycle.");
  }

  private static Set<EventType> types(String name, @Nullable List<String> words) {
    Set<EventType> types = EnumSet.noneOf(EventType.class);
    List<EventType> all = List.of(EventType.values());
    List<String> known = all.stream().map(EventType::word).toList();
    for (String word : words == null ? known : words) {
      if (!known.contains(word)) {
        throw refused(
            name,
            "wants the event '" + word + "', which is none",
            "Known are " + String.join(", ", known) + ".");
      }
      types.add(all.get(known.indexOf(word)));
    }
    if (types.isEmpty()) {
      throw refused(name, "wants no event", "Leave its events out, for all of them.");
    }
    return types;
  }

  private static SecretKeySpec key(String name, @Nullable String secret) {
    byte[] key = new byte[0];
    if (secret != null && secret.startsWith(PREFIX)) {
      try {
        key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
      } catch (IllegalArgumentException e) {
        // Said below.
      }
    }
    if (key.length < SHORTEST || key.length > LONGEST) {
      throw refused(
          name,
          "has no secret of whsec_ and 24 to 64 bytes in base64",
          "Make one: echo whsec_$(openssl rand -base64 32)");
    }
    return new SecretKeySpec(key, ALGORITHM);
  }

  private static StartRefused refused(String name, String what, String fix) {
    return new StartRefused("the webhook '" + name + "' " + what, fix);
  }

  /** Returns whether its url may be asked of public servers only: https. */
  boolean encrypted() {
    return "https".equalsIgnoreCase(url.getScheme());
  }

  /** Returns whether it wants events of that word. */
  boolean wants(String type) {
    return Stream.of(EventType.values()).anyMatch(e -> e.word().equals(type) && events.contains(e));
  }

  /**
   * Returns the value of {@code webhook-signature}.
   *
   * @param id the value of {@code webhook-id}
   * @param at of {@code webhook-timestamp}, in whole seconds
   */
  String signature(String id, Instant at, String body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      String signed = id + "." + at.getEpochSecond() + "." + body;
      byte[] sum = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(sum);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256. This is a bug.", e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
