package dev.onecycle.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.KeyedServer;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The page of a service that takes keys. */
class KeyedPageIT extends KeyedServer {

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
}
