package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The whole service on a port of the system's choosing with an empty home below target/. Classes
 * that extend this share one server: they name what they create so that others do not stumble.
 */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "spring.main.banner-mode=off")
public abstract class ServerTest {

  /** The home of the server under test. */
  protected static final Path HOME = newHome();

  @LocalServerPort private int port;

  @DynamicPropertySource
  static void home(DynamicPropertyRegistry registry) {
    registry.add("onecycle.home", HOME::toString);
    registry.add("onecycle.dataset.roots", () -> HOME.resolve("pictures").toString());
  }

  /** What a route answers, its description says. */
  @AfterEach
  void everyAnswerIsDescribed() {
    assertThat(Contract.surprises())
        .as("answers that are not described: add them to the @Answers of their routes")
        .isEmpty();
  }

  /** A client of the server under test. */
  protected Http http() {
    return new Http(port);
  }

  /** An empty directory below target/. */
  protected static Path newHome() {
    try {
      return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "home-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
