package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The whole service on a port of the system's choosing, in a home that a subclass gives it. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "spring.main.banner-mode=off")
abstract class SpringServerTest {

  @LocalServerPort private int port;

  /** A client of the server under test. */
  protected Http http() {
    return new Http(port);
  }

  /** What a route answers, its description says. */
  @AfterEach
  void everyAnswerIsDescribed() {
    assertThat(Contract.surprises())
        .as("answers that are not described: add them to the @Answers of their routes")
        .isEmpty();
  }

  /** An empty directory below target/. */
  static Path newHome() {
    try {
      return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "home-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
