package dev.onecycle.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Rows;
import dev.onecycle.testing.SampleImport;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
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

/** The page before very many runs and pictures. */
class ManyPageIT extends OpenServer {

  private static final double MILLIS = 1000;
  private static final int NODES = 300;

  @Autowired private JdbcClient jdbc;

  private Browser browser;

  @BeforeEach
  void open() {
    browser = Browser.before(http());
  }

  @AfterEach
  void close() {
    browser.close();
  }

  @Test
  void fiveHundredRunsAreAsQuickAsFive() {
    requireQuick(500);
  }

  @Test
  @Tag("proof")
  void fiveThousandRunsAreAsQuickAsFive() {
    requireQuick(5000);
  }

  @Test
  void aThousandPicturesAreNoHeavierThanAScreenful() {
    requireLight(SampleImport.into(http()).toString());
  }

  @Test
  @Tag("proof")
  void aHundredThousandPicturesAreNoHeavierThanAScreenful() throws IOException {
    requireLight(pictures(100_000));
  }

  private void requireQuick(int runs) {
    UUID dataset = Rows.dataset(jdbc, "READY");
    jdbc.sql(
            """
            insert into run
              (id, kind, name, dataset_id, recipe, seed, priority, state, attempt, losses,
               max_attempts, last_event, created_at, started_at, ended_at)
            select random_uuid(), 'train', 'many ' || x, ?, '{}' format json, 42, 0, 'CANCELLED',
              1, 0, 3, 0, dateadd('second', -x, current_timestamp),
              dateadd('second', -x, current_timestamp), current_timestamp
            from system_range(1, ?)
            """)
        .params(dataset, runs)
        .update();
    try {
      assertThat(quickest("main table.rows tbody tr", "runs")).isLessThan(MILLIS);
      browser.await("one part", "document.querySelectorAll('table.rows tbody tr').length === 50");
      assertThat(browser.see(".head .muted").getText()).startsWith("50 of ");
      browser.press("Show older");
      browser.await("two", "document.querySelectorAll('table.rows tbody tr').length === 100");
      assertThat(quickest("main table.rows tbody tr", "runs?q=many+" + (runs - 7)))
          .isLessThan(MILLIS);
      assertThat(quickest("main .columns table tr", "home")).isLessThan(MILLIS);
      browser.requireQuiet();
    } finally {
      jdbc.sql("delete from run where dataset_id = ?").param(dataset).update();
      jdbc.sql("delete from dataset where id = ?").param(dataset).update();
    }
  }

  private void requireLight(String dataset) {
    assertThat(quickest("main .pictures img", "dataset/" + dataset)).isLessThan(MILLIS);
    String first = browser.see(".pictures button").getAttribute("aria-label");
    for (int part = 0; part < 3; part++) {
      browser.ask("document.querySelector('.pictures').dataset.old = 'yes'");
      browser.press("Next pictures");
      browser.await("other pictures", "!document.querySelector('.pictures').dataset.old");
      browser.await("their bytes", "document.querySelector('.pictures img[src]')");
    }
    assertThat((Long) browser.ask("return document.querySelectorAll('.pictures *').length"))
        .isBetween(30L, (long) NODES);
    browser.await("focus", "document.activeElement.closest('.pictures')");
    for (int part = 0; part < 3; part++) {
      browser.ask("document.querySelector('.pictures').dataset.old = 'yes'");
      browser.press("Previous pictures");
      browser.await("other pictures", "!document.querySelector('.pictures').dataset.old");
    }
    assertThat(browser.see(".pictures button").getAttribute("aria-label")).isEqualTo(first);
    browser.requireQuiet();
  }

  /** The best of three: what others do on this machine is not the page's. */
  private double quickest(String css, String address) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      best = Math.min(best, browser.openUntil(css, address));
    }
    return best;
  }

  /** A dataset of that many pictures, no two of them alike. */
  private String pictures(int number) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < number; i++) {
        BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
        image.setRGB(i % 4, 2, i * 97);
        image.setRGB(1, 1, ~i);
        zip.putNextEntry(new ZipEntry("label " + i % 50 + "/" + i + ".png"));
        ImageIO.write(image, "png", zip);
      }
    }
    byte[] form = new Multipart().file("archive", "many.zip", bytes.toByteArray()).bytes();
    String path = "/api/v1/datasets";
    String id = http().post(path, Multipart.CONTENT_TYPE, form).json().get("id").asString();
    Awaitility.await()
        .atMost(Duration.ofMinutes(9))
        .pollInterval(Duration.ofSeconds(1))
        .failFast(() -> state(path + "/" + id).equals("FAILED"))
        .until(() -> state(path + "/" + id).equals("READY"));
    return id;
  }

  private String state(String path) {
    return http().get(path).json().get("state").asString();
  }
}
