package dev.onecycle.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.States;
import dev.onecycle.network.StateDict;
import dev.onecycle.testing.Http;
import dev.onecycle.testing.KeyedServer;
import dev.onecycle.testing.TwoColours;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.springframework.beans.factory.annotation.Autowired;

/** The page of a service that takes keys. */
class KeyedPageIT extends KeyedServer {

  private static final List<String> THEIRS =
      List.of(
          "New run",
          "Start",
          "Find the learning rate…",
          "Clone…",
          "Edit…",
          "Delete…",
          "Rename…",
          "Train…",
          "Upload…",
          "The sample",
          "Draw the sample",
          "Train on it",
          "Tag…",
          "Cancel…",
          "Pause",
          "Resume",
          "Serve…",
          "Drain",
          "Evaluate…",
          "Predict a dataset…",
          "Roll back…");

  @Autowired private CheckpointStore store;
  @Autowired private Checkpoints checkpoints;

  @Test
  void asksForAKeyAndShowsWhatItsHolderMayDo() {
    try (Browser browser = Browser.before(http())) {
      browser.ask("location.href = arguments[0]", http().uri("/ui/#/runs").toString());
      browser.see("dialog.key input").sendKeys("not-a-key-of-this-service-0123456789", Keys.ENTER);
      browser.await("why", "/not known/.test(document.querySelector('dialog.key')?.textContent)");
      browser.see("dialog.key input").sendKeys(VIEWER, Keys.ENTER);
      browser.await("the page", "document.querySelector('main h1')?.textContent === 'Runs'");
      assertThat(browser.text()).contains("viewer “the-viewer”").doesNotContain("New run");
      assertThat(browser.address()).doesNotContain(VIEWER);
      browser.open("datasets");
      assertThat(browser.text()).doesNotContain("Upload…");
      browser.press("Log out");
      browser.see("dialog.key input").sendKeys(TRAINER, Keys.ENTER);
      browser.await("buttons", "/Upload…/.test(document.querySelector('main').textContent)");
    }
  }

  /** What a viewer may not do has no button anywhere, though a trainer sees one. */
  @Test
  void aViewerSeesNoButtonsThatAreForOthers() throws IOException {
    Http trainer = http().as(TRAINER);
    UUID dataset = TwoColours.into(trainer);
    Map<String, ?> wish = Map.of("dataset", dataset, "recipe", "smoke");
    String run = trainer.post("/api/v1/runs", wish).json().get("id").asString();
    trainer.post("/api/v1/runs/" + run + "/cancel", "");
    serve(trainer, 3);
    serve(trainer, 4);
    try (Browser browser = Browser.before(http())) {
      for (String page :
          List.of(
              "home",
              "runs",
              "run/" + run,
              "new",
              "datasets",
              "dataset/" + dataset,
              "model/insects",
              "fleet")) {
        openAs(browser, VIEWER, page);
        assertThat(buttons(browser)).as("%s of a viewer", page).doesNotContainAnyElementsOf(THEIRS);
        if (!page.equals("fleet")) {
          openAs(browser, TRAINER, page);
          assertThat(buttons(browser)).as("%s of a trainer", page).containsAnyElementsOf(THEIRS);
        }
      }
    }
  }

  private void serve(Http trainer, int seed) {
    StateDict weights = States.xresnet18(2, seed);
    UUID id =
        checkpoints.save(store.write(States.manifest(List.of("ant", "bee"), null), weights)).id();
    Map<String, ?> wish = Map.of("checkpoint", id);
    assertThat(trainer.put("/api/v1/models/insects", wish).status()).isLessThan(300);
  }

  /** A key that is taken away is asked for over the page, which stays as it was. */
  @Test
  void aKeyThatEndsIsAskedForOverThePage() throws IOException {
    UUID dataset = TwoColours.into(http().as(TRAINER));
    try (Browser browser = Browser.before(http())) {
      openAs(browser, TRAINER, "new?dataset=" + dataset + "&recipe=smoke");
      browser.await("a plan", "document.querySelector('.beside .tile')");
      browser.ask("sessionStorage.setItem('onecycle-key', 'a-key-that-was-taken-away-0123456789')");
      browser.see("#name").sendKeys("kept", Keys.TAB);
      browser.await("why", "/not known/.test(document.querySelector('dialog.key')?.textContent)");
      assertThat(browser.see("#name").getAttribute("value")).isEqualTo("kept");
      browser.see("dialog.key input").sendKeys(TRAINER, Keys.ENTER);
      browser.await("no dialog", "!document.querySelector('dialog')");
      assertThat(browser.see("#name").getAttribute("value")).isEqualTo("kept");
      assertThat(browser.address()).contains("name=kept");
    }
  }

  private void openAs(Browser browser, String key, String page) {
    browser.ask("location.href = arguments[0]", http().uri("/ui/icon.svg").toString());
    browser.await("the file", "location.href.endsWith('icon.svg')");
    browser.ask("sessionStorage.setItem('onecycle-key', arguments[0])", key);
    browser.open(page);
  }

  private static List<String> buttons(Browser browser) {
    return ((List<?>)
            browser.ask(
                "return [...document.querySelectorAll('main button, main a.button')]"
                    + ".map(b => b.textContent.trim())"))
        .stream().map(Object::toString).toList();
  }
}
