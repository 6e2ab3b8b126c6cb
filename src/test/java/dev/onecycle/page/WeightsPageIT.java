package dev.onecycle.page;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.checkpoint.States;
import dev.onecycle.checkpoint.format.WeightsFile;
import dev.onecycle.testing.OpenServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** Weights come and go by the page's dialogs. */
class WeightsPageIT extends OpenServer {

  private static final String MODEL = "brought-by-the-page";

  private static final String COMMAND = "document.querySelector('dialog .curl code').textContent";

  @TempDir private Path folder;

  @Test
  void weightsComeAreServedAndGo() throws IOException {
    Path weights = folder.resolve("insects.safetensors");
    WeightsFile.write(weights, States.xresnet18(2, 3), Map.of());
    try (Browser browser = Browser.before(http())) {
      browser.cdp(
          "Browser.setDownloadBehavior",
          Map.of("behavior", "allow", "downloadPath", folder.toString()));
      browser.open("models");
      browser.press("Public weights…");
      browser.await(
          "timm's", "/resnet50d.a1_in1k/.test(document.querySelector('dialog')?.textContent)");
      browser.requireAccessible();
      browser.requireNarrow();
      browser.press("Not now");
      browser.press("Bring weights…");
      browser.see("#weights");
      browser.requireAccessible();
      browser.requireNarrow();
      refuseALearner(browser);
      choose(browser, "#weights", weights.toString());
      browser.press("Bring them");
      browser.see("#model-name").sendKeys(Keys.chord(Keys.CONTROL, "a"), MODEL);
      browser.press("Serve");
      browser.await(
          "the model", "document.querySelector('main h1')?.textContent === '" + MODEL + "'");

      String checkpoint = http().get("/api/v1/models/" + MODEL).json().get("checkpoint").asString();
      String path = "/api/v1/checkpoints/" + checkpoint;
      browser.press("Weights…");
      browser.requireAccessible();
      browser.requireNarrow();
      ask(browser, "onnx");
      browser.see("[name=labels]").click();
      browser.await("its command", "/onnx\\?labels=true/.test(" + COMMAND + ")");
      browser.press("Download");
      assertSame(MODEL + ".onnx", path + "/onnx?labels=true");

      browser.press("Weights…");
      ask(browser, "hub");
      browser.press("Download");
      assertSame(MODEL + ".zip", path + "/hub");
      browser.requireQuiet();
    }
    assertThat(http().delete("/api/v1/models/" + MODEL).status()).isEqualTo(204);
  }

  /** A pickle as learn.export writes it is refused, with what to save instead. */
  private void refuseALearner(Browser browser) throws IOException {
    Path learner = folder.resolve("export.pkl");
    byte[] pickle = "\u0080\u0002cfastai.learner\nLearner\nq\0)\u0081.".getBytes(ISO_8859_1);
    CRC32 sum = new CRC32();
    sum.update(pickle);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(learner), UTF_8)) {
      ZipEntry entry = new ZipEntry("export/data.pkl");
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(pickle.length);
      entry.setCrc(sum.getValue());
      zip.putNextEntry(entry);
      zip.write(pickle);
    }
    browser.ask("document.querySelector('#architecture').value = 'xresnet18'");
    browser.see("#labels").sendKeys("ant", Keys.ENTER, "bee");
    browser.see("#size").sendKeys(Keys.chord(Keys.CONTROL, "a"), "64");
    choose(browser, "#weights", learner.toString());
    browser.press("Bring them");
    browser.await(
        "the refusal",
        "/calls fastai.learner.Learner[^]*learn.export[^]*learn.save/"
            + ".test(document.querySelector('dialog [role=alert]')?.textContent)");
    browser.forget(); // that it was refused
  }

  private static void choose(Browser browser, String field, String value) {
    browser.see(field).sendKeys(value);
  }

  private static void ask(Browser browser, String form) {
    browser.ask(
        "const form = document.querySelector('#form'); form.value = arguments[0];"
            + "form.dispatchEvent(new Event('change', {bubbles: true}))",
        form);
  }

  private void assertSame(String name, String path) throws IOException {
    byte[] expected = http().get(path).bytes();
    Path file = folder.resolve(name);
    await()
        .untilAsserted(
            () -> {
              assertThat(file).exists();
              assertThat(Files.readAllBytes(file)).isEqualTo(expected);
            });
  }
}
