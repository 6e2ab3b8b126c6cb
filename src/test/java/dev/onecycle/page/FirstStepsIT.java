package dev.onecycle.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.run.ServiceMain;
import dev.onecycle.testing.ServiceProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** From a service in which there is nothing to a prediction, with one hand or the other. */
@Tag("proof")
class FirstStepsIT {

  @TempDir private Path home;

  @Test
  void withTheMouse() throws Exception {
    walk(browser -> browser::press);
  }

  @Test
  void withTheKeyboardOnly() throws Exception {
    walk(
        browser ->
            text -> {
              browser.reach(text);
              browser.keys(Keys.ENTER);
            });
  }

  private interface Hand {
    Consumer<String> of(Browser browser);
  }

  private void walk(Hand one) throws Exception {
    try (ServiceProcess service =
            ServiceProcess.start(ServiceMain.class, home, Map.of(), List.of(), List.of());
        Browser browser = Browser.before(service.http())) {
      Consumer<String> hand = one.of(browser);
      browser.open("home");
      browser.requireAccessible();
      browser.requireNarrow();
      hand.accept("Draw the sample");
      hand.accept("Train on it");
      browser.see(".state.succeeded");
      browser.await("a checkpoint", "/Serve/.test(document.querySelector('main').textContent)");
      hand.accept("Serve…");
      browser.await("the name in focus", "document.activeElement.id === 'model-name'");
      browser.keys("-steps");
      hand.accept("Serve");
      hand.accept("Pick from a dataset…");
      browser.await("pictures", "document.querySelectorAll('dialog .pictures button').length > 5");
      String picture =
          browser.ask("return document.querySelector('dialog .pictures button').ariaLabel") + "";
      hand.accept(picture);
      browser.await("an answer", "document.querySelectorAll('.bars .bar').length === 5");
      assertThat(browser.address()).endsWith("#/model/first-steps");
      assertThat(browser.see(".bars .top").getText()).isNotBlank();
      browser.requireQuiet();
    }
  }
}
