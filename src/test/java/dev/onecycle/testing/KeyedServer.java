package dev.onecycle.testing;

import java.nio.file.Path;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The service with API keys: another server than {@link OpenServer}'s, with another home. */
public abstract class KeyedServer extends SpringServer {

  protected static final String VIEWER = "onecycle_test-viewer-0123456789abcdef-0123456789";
  protected static final String TRAINER = "onecycle_test-trainer-0123456789abcdef-0123456789";
  protected static final String ADMIN = "onecycle_test-admin-0123456789abcdef-0123456789";

  private static final Path HOME = newHome();

  @DynamicPropertySource
  static void keys(DynamicPropertyRegistry registry) {
    registry.add("onecycle.home", HOME::toString);
    registry.add("onecycle.loop.max-silence", () -> "1s");
    key(registry, 0, "viewer", VIEWER);
    key(registry, 1, "trainer", TRAINER);
    key(registry, 2, "admin", ADMIN);
  }

  private static void key(DynamicPropertyRegistry registry, int index, String role, String key) {
    String prefix = "onecycle.security.keys[" + index + "].";
    registry.add(prefix + "name", () -> "the-" + role);
    registry.add(prefix + "role", () -> role);
    registry.add(prefix + "key", () -> key);
  }
}
