package dev.onecycle.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.image.PictureEncoder;
import dev.onecycle.image.decoding.TestFiles;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;

/** A dataset is brought in a browser, and then understood in another way. */
class BringPageIT extends OpenServer {

  private static final String DATASETS = "/api/v1/datasets";
  private static final String PATTERN = "(?<group>patient\\d)_";
  private static final int PICTURES = 16;

  @TempDir private Path directory;

  @Test
  void aPlaceInABucketIsAnAddress() {
    try (Browser browser = Browser.before(http())) {
      browser.open("datasets");
      browser.press("From an address…");
      browser.see("#url").sendKeys("s3://scans/2026", Keys.TAB);
      browser.see("#group").sendKeys(PATTERN, Keys.TAB);
      Object shown = browser.ask("return document.querySelector('dialog .curl code').textContent");
      assertThat(shown.toString())
          .contains("{\"type\":\"s3\",\"url\":\"s3://scans/2026\"}")
          .contains("\"split\":{\"group\":{\"pattern\":\"(?<group>patient\\\\d)_\"}}");
      browser.requireAccessible();
      browser.requireNarrow();
      browser.requireQuiet();
    }
  }

  @Test
  void aTableComesLaterAndKeepsPatientsTogether() throws IOException {
    JsonNode brought = brought();
    String path = DATASETS + "/" + brought.get("id").asString();
    StringBuilder table = new StringBuilder("file,label\n");
    for (int i = 0; i < PICTURES; i++) {
      table.append("%s,%s%n".formatted(name(i), i % 4 < 2 ? "ill" : "well"));
    }
    Path csv = Files.writeString(directory.resolve("findings.csv"), table);
    try (Browser browser = Browser.before(http())) {
      browser.open("dataset/" + brought.get("id").asString());
      browser.press("Read labels anew…");
      browser.requireAccessible();
      browser.see("#table").sendKeys(csv.toString());
      browser.see("#group").sendKeys(PATTERN);
      browser.press("Read anew");
      browser.await("the split", "/split random/.test(document.querySelector('.facts').innerText)");
      browser.requireNarrow();
      browser.requireQuiet();
    }
    JsonNode read = http().get(path).json();
    assertThat(read.at("/labels").findValuesAsString("name")).containsExactly("ill", "well");
    assertThat(read.at("/layout/labels/csv").asString()).isEqualTo("findings.csv");
    assertThat(read.at("/split/group/pattern").asString()).isEqualTo(PATTERN);
    assertThat(read.at("/layout/groups/count").asInt()).isEqualTo(PICTURES / 2);
  }

  private static String name(int picture) {
    return "patient%d_%d.png".formatted(picture / 2, picture % 2);
  }

  /** Below train and val, labelled by folders that mean nothing. */
  private JsonNode brought() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < PICTURES; i++) {
        String folder = (i < 8 ? "train/" : "val/") + (i % 2 == 0 ? "left/" : "right/");
        zip.putNextEntry(new ZipEntry(folder + name(i)));
        zip.write(PictureEncoder.png(TestFiles.ramp(20 + i, 24)));
        zip.closeEntry();
      }
    }
    byte[] body = new Multipart().file("archive", "scans.zip", bytes.toByteArray()).bytes();
    String path = http().post(DATASETS, Multipart.CONTENT_TYPE, body).header("Location");
    Awaitility.await()
        .until(() -> !http().get(path).json().get("state").asString().equals("IMPORTING"));
    JsonNode dataset = http().get(path).json();
    assertThat(dataset.at("/split/strategy").asString()).isEqualTo("folders");
    return dataset;
  }
}
