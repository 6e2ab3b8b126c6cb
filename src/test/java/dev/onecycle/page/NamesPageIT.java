package dev.onecycle.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Rows;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Labels, runs, tags and datasets with names that would do something if they were not text. */
class NamesPageIT extends OpenServer {

  private static final String API = "/api/v1/";
  private static final String MARKUP = "<img src=x onerror=alert(1)>";
  private static final String TURNED =
      "\u05D0\u05D1\u05D2 \u0627\u0644\u0639\u0631\u0628\u064A\u0629";
  private static final String LONG = "x".repeat(300);

  private static final Map<String, ?> SMALL =
      Map.of(
          "itemSize", 40, "phases[0].size", 32, "phases[0].epochs", 1, "phases[0].batchSize", 32);

  @Autowired private JdbcClient jdbc;

  private Browser browser;
  private String dataset;
  private String run;

  @BeforeEach
  void open() throws IOException {
    Rows.retireDatasets(jdbc);
    browser = Browser.before(http());
    dataset = id(http().post(API + "datasets", Multipart.CONTENT_TYPE, archive()));
    until("datasets/" + dataset, "READY");
    Map<String, Object> wish = new HashMap<>(smoke());
    wish.put("tags", List.of(MARKUP, TURNED));
    run = id(http().post(API + "runs", wish));
    until("runs/" + run, "SUCCEEDED");
  }

  @AfterEach
  void close() {
    browser.close();
  }

  @Test
  void areTextWhereverTheyAreShown() {
    for (String page :
        List.of("run/" + run, "evaluation/" + run, "dataset/" + dataset, "runs?tag=" + MARKUP)) {
      requireText(page);
    }
  }

  /** The same on every page, light, dark and narrow. */
  @Test
  @Tag("proof")
  void areTextOnEveryPage() {
    String checkpoint = http().get(API + "runs/" + run).json().get("checkpoint").asString();
    http().put(API + "models/names", Map.of("checkpoint", checkpoint));
    String again = id(http().post(API + "runs/" + run + "/clone", Map.of("seed", 7)));
    Map<String, ?> wish = Map.of("dataset", dataset, "name", name());
    String evaluation = id(http().post(API + "models/names/evaluations", wish));
    String predictions = id(http().post(API + "models/names/batch-predictions", wish));
    String sweep = id(http().post(API + "lr-finds", smoke()));
    List.of(again, evaluation, predictions, sweep).forEach(r -> until("runs/" + r, "SUCCEEDED"));
    for (String page :
        List.of(
            "home",
            "runs",
            "run/" + run,
            "evaluation/" + run + "?cell=" + label(0) + "," + label(1),
            "evaluation/" + evaluation,
            "predictions/" + predictions,
            "compare?ids=" + run + "," + again,
            "compare?turned=yes&all=yes&ids=" + run + "," + again,
            "lr/" + sweep,
            "new?clone=" + run,
            "datasets",
            "dataset/" + dataset,
            "dataset/" + dataset + "?tab=audit",
            "dataset/" + dataset + "?tab=augmentation",
            "models",
            "model/names",
            "fleet")) {
      requireText(page);
      browser.requireAccessible();
    }
    browser.open("run/" + run);
    browser.press("Edit…");
    browser.requireAccessible();
    assertThat(http().delete(API + "models/names").status()).isEqualTo(204);
  }

  private Map<String, ?> smoke() {
    return Map.of("dataset", dataset, "recipe", "smoke", "overrides", SMALL, "name", name());
  }

  private void requireText(String page) {
    browser.open(page.replace(" ", "%20"));
    browser.await("everything", "!document.querySelector('main.waiting')");
    if (!page.matches("(home|models|fleet)")) {
      browser.await("a name", "document.body.textContent.includes('onerror=alert')");
    }
    assertThat(browser.ask("return document.querySelectorAll('[onerror]').length")).isEqualTo(0L);
    browser.requireNarrow();
    browser.requireQuiet();
  }

  private static String name() {
    return (MARKUP + " " + TURNED + LONG).substring(0, 200);
  }

  private static String label(int number) {
    return (number == 0 ? MARKUP + TURNED + LONG : TURNED + MARKUP + LONG).substring(0, 200);
  }

  private void until(String path, String state) {
    Awaitility.await(path)
        .atMost(Duration.ofMinutes(2))
        .until(() -> http().get(API + path).json().get("state").asString().equals(state));
  }

  private static String id(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isBetween(200, 202);
    return answer.json().get("id").asString();
  }

  private static byte[] archive() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Random random = new Random(1);
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < 180; i++) {
        BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        for (int pixel = 0; pixel < 1600; pixel++) {
          image.setRGB(pixel % 40, pixel / 40, random.nextInt());
        }
        zip.putNextEntry(new ZipEntry(label(i % 2) + "/" + i + ".png"));
        ImageIO.write(image, "png", zip);
      }
    }
    return new Multipart()
        .file("archive", "names.zip", bytes.toByteArray())
        .field("name", name())
        .bytes();
  }
}
