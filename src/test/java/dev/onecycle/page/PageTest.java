package dev.onecycle.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page's files stay small, and lead nowhere else. */
class PageTest {

  private static final Path UI = Path.of("src/main/resources/static/ui");
  private static final int LONGEST = 150;

  private static List<Path> files(String endings) throws IOException {
    try (Stream<Path> all = Files.walk(UI)) {
      return all.filter(file -> file.toString().matches(".*\\.(" + endings + ")")).toList();
    }
  }

  @Test
  void noFileIsLongerThanSomebodyReads() throws IOException {
    assertThat(files("js|css|html")).hasSizeGreaterThan(20);
    for (Path file : files("js|css|html")) {
      assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThan(LONGEST);
    }
  }

  /** Below a proxy's prefix an address from the root would lead elsewhere. */
  @Test
  void addressesAreRelative() throws IOException {
    for (Path file : files("js")) {
      assertThat(Files.readString(file)).as(file.toString()).doesNotContain("from '/");
    }
    assertThat(Files.readString(UI.resolve("index.html"))).doesNotContain("=\"/");
    assertThat(Files.readString(UI.resolve("ui.css"))).doesNotContain("url(");
  }
}
