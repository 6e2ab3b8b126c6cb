package dev.onecycle.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.TwoColours;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;

/** Labels are put right in a browser, a key a picture. */
class LabelsPageIT extends OpenServer {

  private static final String PLACE =
      "/place (\\d+)/.exec(document.querySelector('.look').textContent)?.[1]";

  @Test
  void pictureByPictureToANewVersion() throws IOException {
    UUID dataset = TwoColours.into(http());
    try (Browser browser = Browser.before(http())) {
      browser.open("dataset/" + dataset);
      browser.press("Check labels…");
      browser.see("dialog .curl code");
      browser.press("Not now");
      String request =
          "{\"folds\": 2, \"overrides\": {\"phases[0].epochs\": 1, \"phases[0].batchSize\": 8}}";
      JsonNode run = http().post("/api/v1/datasets/" + dataset + "/label-checks", request).json();
      browser.open("labels/" + run.get("id").asString(), ".look img");
      decide(browser);
      browser.requireAccessible();
      browser.requireNarrow();
      browser.look(1440, "dark");
      browser.await("the picture", "document.querySelector('.look img').naturalWidth > 0");
      browser.look(1440, "light");

      browser.press("Keep as a new version…");
      browser.see("#reason").sendKeys(Keys.chord(Keys.CONTROL, "a"), "looked at two");
      browser.press("Keep");
      browser.await(
          "the version", "/version 2/.test(document.querySelector('.facts')?.textContent)");
      browser.press("Versions");
      browser.await("its change", "document.querySelectorAll('.pictures figure').length === 1");
      browser.requireAccessible();
      browser.requireNarrow();
      browser.requireQuiet();
    }
    JsonNode versions = http().get("/api/v1/datasets/" + dataset + "/versions").json();
    assertThat(versions.get("items")).hasSize(2);
    assertThat(versions.at("/items/1/reason").asString()).isEqualTo("looked at two");
    assertThat(versions.at("/items/1/pictures").asInt()).isEqualTo(80);
  }

  private static void decide(Browser browser) {
    assertThat(browser.ask("return " + PLACE)).isEqualTo("1");
    browser.keys("1");
    browser.await("the second", PLACE + " === '2'");
    browser.keys("3");
    browser.await("the third", PLACE + " === '3'");
    browser.keys("u");
    browser.await("the second again", PLACE + " === '2'");
    browser.keys("2");
    browser.await("the third again", PLACE + " === '3'");
    browser.await("two decisions", "/2 decisions/.test(document.body.textContent)");
    browser.ask("location.reload()");
    browser.await("both are remembered", "/2 decisions/.test(document.body.textContent)");
    browser.await("and where it was", PLACE + " === '3'");
  }
}
