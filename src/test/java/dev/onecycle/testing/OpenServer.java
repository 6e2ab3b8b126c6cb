package dev.onecycle.testing;

import java.nio.file.Path;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The service without API keys. Classes that extend this share one server: they name what they
 * create so that others do not stumble.
 */
public abstract class OpenServer extends SpringServer {

  /** The home of the server under test. */
  protected static final Path HOME = newHome();

  @DynamicPropertySource
  static void home(DynamicPropertyRegistry registry) {
    registry.add("onecycle.home", HOME::toString);
    registry.add("onecycle.dataset.roots", () -> HOME.resolve("pictures").toString());
  }
}
