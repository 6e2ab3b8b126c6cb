package dev.onecycle.webhook;

import dev.onecycle.platform.StartRefused;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Who is told of what happens. Only processes that answer requests tell anybody, and all of those
 * need the same settings.
 *
 * @param hooks the receivers
 * @param privateHosts whether they may be this machine and its networks, and plain http
 * @param maxAttempts how often an event is sent to one that does not take it
 */
@Validated
@ConfigurationProperties("onecycle.webhook")
record WebhookProperties(
    List<Webhook> hooks,
    @DefaultValue("false") boolean privateHosts,
    @DefaultValue("32") @Min(1) @Max(200) int maxAttempts) {

  private static final int MOST = 16;

  WebhookProperties {
    hooks = hooks == null ? List.of() : List.copyOf(hooks);
    if (hooks.size() > MOST) {
      throw new StartRefused(
          hooks.size() + " webhooks > maximum " + MOST, "Let one receiver tell the others.");
    }
    Set<String> names = new HashSet<>();
    for (Webhook hook : hooks) {
      if (!names.add(hook.name())) {
        throw new StartRefused(
            "two webhooks are called '" + hook.name() + "'", "Give each a name of its own.");
      }
      if (!privateHosts && !hook.encrypted()) {
        throw new StartRefused(
            "the webhook '" + hook.name() + "' is not https",
            "Use https, or set onecycle.webhook.private-hosts=true.");
      }
    }
  }
}
