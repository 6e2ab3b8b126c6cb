package dev.onecycle.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.util.FileSystemUtils;

/** The whole service on a port of the system's choosing, in a home that a subclass gives it. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "spring.main.banner-mode=off")
abstract class SpringServer {

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

  /** An empty directory below target/, which goes when the last server has ended. */
  static Path newHome() {
    try {
      Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "home-");
      SpringApplication.getShutdownHandlers()
          .add(() -> FileSystemUtils.deleteRecursively(home.toFile()));
      return home;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
