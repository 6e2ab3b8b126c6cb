package dev.onecycle.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Rows;
import dev.onecycle.testing.TwoColours;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A search, begun from the form of a new run, watched and cancelled in the page. */
class SearchPageIT extends OpenServer {

  @Autowired private JdbcClient jdbc;

  private Browser browser;

  @BeforeEach
  void open() {
    Rows.retireDatasets(jdbc);
    browser = Browser.before(http());
  }

  @AfterEach
  void close() {
    browser.close();
  }

  @Test
  void aSearchIsBegunWatchedAndCancelled() throws IOException {
    UUID dataset = TwoColours.into(http());
    browser.open("searches");
    browser.open("new?recipe=smoke&dataset=" + dataset, "form");
    browser.press("Search the learning rate…");
    browser.see("dialog");
    browser.ask("document.getElementById('trials').value = 3");
    browser.press("Begin");
    browser.see("tbody tr:nth-child(3) span.state");
    assertThat(browser.address()).contains("#/search/");
    browser.requireAccessible();
    browser.requireNarrow();
    browser.press("Cancel…");
    browser.press("Cancel the search");
    browser.await("the end", "document.body.innerText.includes('Forget…')");
    browser.open("searches", "td.name a");
    assertThat(browser.text()).contains("learning rate", "3 trials", "cancelled");
    browser.requireQuiet();
  }
}
