package dev.onecycle.platform.http.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.StartRefused;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** API keys as people configure them. */
class SecurityPropertiesTest {

  private static final String KEY = "onecycle_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
  private static final String SHA256 = HexFormat.of().formatHex(ApiKey.digest(KEY));

  private static SecurityProperties of(Map<String, Object> environment) {
    PropertySource<?> source =
        new SystemEnvironmentPropertySource(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, environment);
    return new Binder(ConfigurationPropertySources.from(source))
        .bindOrCreate("onecycle.security", SecurityProperties.class);
  }

  private static Map<String, Object> key(int index, String... parts) {
    Map<String, Object> environment = new HashMap<>();
    for (int i = 0; i < parts.length; i += 2) {
      environment.put("ONECYCLE_SECURITY_KEYS_" + index + "_" + parts[i], parts[i + 1]);
    }
    return environment;
  }

  private static Map<String, Object> both(Map<String, Object> one, Map<String, Object> other) {
    Map<String, Object> both = new HashMap<>(one);
    both.putAll(other);
    return both;
  }

  private static void refused(ThrowingCallable start, String reason) {
    assertThatThrownBy(start)
        .rootCause()
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining(reason)
        .message()
        .doesNotContain(KEY.substring(0, 20));
  }

  @Test
  void withoutKeysNobodyNeedsOne() {
    assertThat(of(Map.of()).keyless()).isTrue();
  }

  @Test
  void aKeyAndItsHashOpenTheSame() {
    for (String[] kind : List.of(new String[] {"KEY", KEY}, new String[] {"SHA256", SHA256})) {
      SecurityProperties security = of(key(0, "NAME", "ci", "ROLE", "trainer", kind[0], kind[1]));
      assertThat(security.keyless()).isFalse();
      assertThat(security.find(KEY).name()).isEqualTo("ci");
      assertThat(security.find(KEY).role()).isEqualTo(KeyRole.TRAINER);
      assertThat(security.find(KEY + "x")).isNull();
      assertThat(security.find("")).isNull();
      assertThat(security.find(SHA256)).as("the hash is no key").isNull();
      assertThat(security.toString()).contains("trainer 'ci'").doesNotContain(KEY, SHA256);
    }
  }

  @Test
  void everyKeyIsFound() {
    SecurityProperties security =
        of(
            both(
                key(0, "NAME", "first", "ROLE", "viewer", "KEY", KEY),
                key(1, "NAME", "second", "ROLE", "admin", "KEY", KEY + KEY)));
    assertThat(security.find(KEY).name()).isEqualTo("first");
    assertThat(security.find(KEY + KEY).name()).isEqualTo("second");
  }

  @ParameterizedTest
  @CsvSource({
    "ci, trainer, '', '', neither",
    "ci, trainer, key, hash, both",
    "ci, trainer, short, '', shorter than 32",
    "ci, trainer, '', short, 64 hexadecimal",
    "ci, '', key, '', no role",
    "'', trainer, key, '', no name",
    "'a b', trainer, key, '', no name",
    "'a:b', trainer, key, '', no name"
  })
  void whatIsWrongWithAKeyIsSaid(
      String name, String role, String key, String sha256, String reason) {
    Map<String, Object> environment = new HashMap<>();
    Map<String, String> given = Map.of("NAME", name, "ROLE", role, "KEY", key, "SHA256", sha256);
    Map<String, String> values = Map.of("key", KEY, "hash", SHA256, "short", KEY.substring(0, 31));
    given.forEach(
        (part, value) -> {
          if (!value.isEmpty()) {
            environment.putAll(key(0, part, values.getOrDefault(value, value)));
          }
        });
    refused(() -> of(environment), reason);
  }

  @Test
  void twoKeysNeverShareANameOrAHash() {
    Map<String, Object> first = key(0, "NAME", "a", "ROLE", "viewer", "KEY", KEY);
    refused(() -> of(both(first, key(1, "NAME", "a", "ROLE", "admin", "KEY", KEY + 2))), "'a'");
    refused(
        () -> of(both(first, key(1, "NAME", "b", "ROLE", "admin", "SHA256", SHA256))),
        "'a' and 'b'");
  }
}
