package dev.onecycle.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.SampleImport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A run that is watched as it trains, from behind a proxy that gives the service a prefix. */
class LivePageIT extends OpenServer {

  @Autowired private JdbcClient jdbc;

  private Proxy proxy;
  private Browser browser;
  private String run;

  @BeforeEach
  void open() throws IOException {
    proxy = new Proxy(http().uri("/"));
    browser = Browser.at(proxy.page());
    UUID dataset = SampleImport.into(http());
    Map<String, ?> small = Map.of("itemSize", 40, "phases[0].size", 32, "phases[0].epochs", 999);
    Map<String, ?> wish = Map.of("dataset", dataset, "recipe", "smoke", "overrides", small);
    run = http().post("/api/v1/runs", wish).json().get("id").asString();
  }

  @AfterEach
  void close() throws IOException {
    if (run != null) {
      http().post("/api/v1/runs/" + run + "/cancel", "");
    }
    browser.close();
    proxy.close();
  }

  @Test
  void curvesGrowStayZoomedAndOutliveACut() throws IOException {
    browser.open("run/" + run);
    browser.await("a curve", points() + " >= 5");
    browser.requireQuiet();
    browser.drag(".chart .u-over", 0.2, 0.6);
    String zoom = "document.querySelector('.chart').dataset.seen";
    Object seen = browser.ask("return " + zoom);
    long before = (Long) browser.ask("return " + points());
    cut();
    browser.await("five updates", points() + " >= " + (before + 5));
    assertThat(browser.ask("return " + zoom)).isEqualTo(seen);
    requireEveryStepOnce();
    browser.press("show all");
    browser.await("all", zoom + " !== '" + seen + "'");
  }

  /** Cuts the network for as long as some steps take; the page says so, and goes on by itself. */
  private void cut() throws IOException {
    proxy.cut();
    browser.see(".state.offline");
    browser.see(".banner");
    long steps = written().size();
    Awaitility.await().until(() -> written().size() >= steps + 2);
    proxy.heal();
    browser.see(".state.live");
    browser.await("no banner", "!document.querySelector('.banner')");
    browser.forget(); // the requests that failed were meant to
  }

  private void requireEveryStepOnce() {
    browser.ask("document.querySelector('.chart details').open = true");
    browser.await("a table", "document.querySelector('.chart tbody')?.rows.length > 8");
    List<Long> shown =
        ((List<?>)
                browser.ask(
                    "return [...document.querySelector('.chart tbody').rows]"
                        + ".map(row => Number(row.cells[0].textContent))"))
            .stream().map(x -> (Long) x).toList();
    assertThat(shown).isSorted().doesNotHaveDuplicates();
    long last = shown.get(shown.size() - 1);
    assertThat(written().stream().filter(step -> step <= last)).isNotEmpty().isSubsetOf(shown);
  }

  /** The steps that the run told so far. */
  private List<Long> written() {
    return jdbc
        .sql("select data from run_event where run_id = ? and type = 'step' order by seq")
        .param(UUID.fromString(run))
        .query(String.class)
        .list()
        .stream()
        .map(data -> Long.parseLong(data.replaceAll(".*\"step\":(\\d+).*", "$1")))
        .toList();
  }

  private static String points() {
    return "Number(document.querySelector('.chart').dataset.points)";
  }

  /** Browsers open six connections to a server: tabs that nobody sees hold none. */
  @Test
  @Tag("proof")
  void theSeventhTabIsWatchedAsTheFirst() {
    browser.open("run/" + run);
    browser.see(".state.live");
    for (int tab = 2; tab <= 7; tab++) {
      browser.tab();
      browser.open("run/" + run);
      browser.see(".state.live");
    }
    long before = (Long) browser.ask("return " + points());
    browser.await("growth", points() + " > " + before);
  }
}
