package dev.onecycle.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Rows;
import dev.onecycle.testing.SampleImport;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The page in a browser: from pictures to a prediction, and what may come between. */
class PageIT extends OpenServer {

  private static final String HOSTILE = "<img src=x onerror=alert(1)> \u202Eabc " + "x".repeat(150);

  @Autowired private JdbcClient jdbc;

  private static Browser browser;
  private static UUID dataset;

  @BeforeEach
  void openBrowser() {
    if (browser == null) {
      Rows.retireDatasets(jdbc);
      browser = Browser.before(http());
      dataset = SampleImport.into(http());
    }
  }

  @AfterEach
  void nothingWasRefused() {
    if (browser != null) {
      browser.requireQuiet();
    }
  }

  @AfterAll
  static void closeBrowser() {
    if (browser != null) {
      browser.close();
      browser = null;
    }
  }

  private void type(String path, String value) {
    WebElement field = browser.see("[data-path='" + path + "']");
    field.sendKeys(Keys.chord(Keys.CONTROL, "a"), value, Keys.TAB);
  }

  @Test
  void aDialogShowsTheCommandThatDoesTheSame() {
    browser.open("datasets");
    browser.press("From an address…");
    browser.see("#url").sendKeys("https://pictures.example/pets.tgz", Keys.TAB);
    String shown = "document.querySelector('dialog .curl code')";
    assertThat(browser.ask("return " + shown + ".textContent").toString())
        .contains("-X POST", "{\"type\":\"url\",\"url\":\"https://pictures.example/pets.tgz\"}");
    browser.see("#labels").sendKeys("{\"csv\"", Keys.TAB);
    browser.await("no command of half a rule", "!" + shown);
  }

  /** Trains in the form, watches the curve grow, judges, serves and asks. */
  @Test
  void fromPicturesToAPrediction() {
    browser.open("new?recipe=smoke&dataset=" + dataset);
    browser.see("summary").click();
    type("itemSize", "40");
    type("phases[0].size", "32");
    type("phases[0].epochs", "0");
    browser.await("the limit at its field", "document.querySelector('.wrong:not(:empty)')");
    type("phases[0].epochs", "3");
    browser.await("a plan", "!document.querySelector('.wrong:not(:empty)')");
    browser.forget(); // what was refused was meant to be
    browser.await("steps", "document.querySelector('.beside .tile b').textContent === '75'");
    browser.requireAccessible();
    browser.requireNarrow();
    browser.press("Start");
    watch();
    String run = browser.address().replaceAll(".*/", "");
    judge(run);
    serve(run);
  }

  /** The slider changes the request and its plan; a link to it finds it again. */
  @Test
  void aTimeIsABudgetWithItsPlan() {
    browser.open("new?recipe=fast&dataset=" + dataset);
    browser.await("a plan", "document.querySelector('.beside .tile b')");
    browser.see("#budget").sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
    browser.await("its words", "/done in 30 seconds/.test(document.body.textContent)");
    browser.await(
        "its plan",
        "/from its start to the end/.test(document.querySelector('.beside').innerText)");
    assertThat(browser.ask("return document.querySelector('.curl code').textContent").toString())
        .contains("\"budget\":\"30s\"");
    assertThat(browser.address()).contains("changes=");
    browser.requireAccessible();
    browser.requireNarrow();
    browser.see("#budget").sendKeys(Keys.HOME);
    browser.await("none", "/as long as its epochs take/.test(document.body.textContent)");
    browser.await("no budget", "!/budget/.test(document.querySelector('.curl code').textContent)");
  }

  private void watch() {
    browser.see("[role=progressbar]");
    browser.ask("window.mark = 'the same document'");
    browser.await("curve", "document.querySelector('.chart').dataset.points > 0");
    long before = points();
    browser.await("growth", "document.querySelector('.chart').dataset.points > " + before);
    browser.see(".state.succeeded");
    assertThat(browser.ask("return window.mark")).isEqualTo("the same document");
    browser.await("epochs", "document.querySelectorAll('section tbody')[0].rows.length === 3");
    browser.await("a checkpoint", "/Serve/.test(document.body.textContent)");
    browser.requireAccessible();
    browser.requireNarrow();
    browser.screenshot("page-run", 940);
  }

  private static long points() {
    return Long.parseLong(
        browser.ask("return document.querySelector('.chart').dataset.points").toString());
  }

  /** The cells of the matrix are reached by arrows and open their pictures. */
  private void judge(String run) {
    browser.press("Evaluation");
    browser.see(".heat button").sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_DOWN);
    assertThat(browser.focused().getAttribute("data-actual")).isEqualTo("1");
    assertThat(browser.focused().getAttribute("data-predicted")).isEqualTo("1");
    assertThat(
            (Long)
                browser.ask(
                    "return [...document.querySelectorAll('.heat button')]"
                        + ".reduce((sum, cell) => sum + Number(cell.textContent), 0)"))
        .isEqualTo(200);
    browser.see(".bars button").click();
    browser.await(
        "the cell's pictures", "/told as/.test(document.querySelector('main').innerText)");
    assertThat(browser.address()).contains("cell=");
    browser.await("pictures", "document.querySelectorAll('.pictures img[src]').length > 5");
    browser.requireAccessible();
    browser.requireNarrow();
    browser.open("evaluation/" + run);
    browser.await("pictures", "document.querySelectorAll('.pictures img[src]').length > 5");
    browser.screenshot("page-evaluation", 980);
  }

  private void serve(String run) {
    browser.open("run/" + run);
    browser.press("Serve…");
    browser.see("#model-name").sendKeys(Keys.chord(Keys.CONTROL, "a"), "seen-in-a-browser");
    browser.press("Serve");
    browser.press("Pick from a dataset…");
    browser.see("dialog .pictures button").click();
    browser.await("an answer", "document.querySelectorAll('.bars .bar').length === 5");
    assertThat(browser.text()).contains("ms: decoding");
    browser.requireAccessible();
    browser.requireNarrow();
    browser.screenshot("page-model", 760);
    assertThat(http().delete("/api/v1/models/seen-in-a-browser").status()).isEqualTo(204);
  }

  /** Each opens, says what it is, stays narrow and can be used by everybody. */
  @Test
  void everyPageOpens() {
    String seen = "dataset/" + dataset;
    for (String page :
        List.of(
            "home",
            "runs",
            "datasets",
            seen,
            seen + "?tab=audit",
            seen + "?tab=augmentation",
            "models",
            "fleet")) {
      browser.open(page);
      browser.requireAccessible();
      browser.requireNarrow();
      browser.requireQuiet();
    }
    browser.open("nowhere");
    assertThat(browser.text()).contains("There is no page");
    browser.forget(); // that it was not found
  }

  @Test
  void namesAreTextWhateverTheyHold() {
    String path = "/api/v1/datasets/" + dataset;
    assertThat(http().json("PATCH", path, Map.of("name", HOSTILE)).status()).isEqualTo(200);
    for (String page : List.of("datasets", "dataset/" + dataset, "new")) {
      browser.open(page);
      browser.await("the name", "document.body.textContent.includes('<img src=x onerror')");
      assertThat(browser.ask("return document.querySelectorAll('img[onerror]').length"))
          .isEqualTo(0L);
      browser.requireNarrow();
    }
    http().json("PATCH", path, Map.of("name", "shapes"));
  }

  /** A check that finds nothing must be able to find something. */
  @Test
  void whatIsRefusedIsNoticed() {
    browser.open("models");
    browser.ask(
        "document.body.append(Object.assign(document.createElement('img'), {src: arguments[0]}))",
        "https://example.org/x.png");
    browser.await("refusal", "[...document.images].some(i => i.complete && !i.naturalWidth)");
    assertThatThrownBy(browser::requireQuiet).isInstanceOf(AssertionError.class);
    browser.open("models");
    browser.forget();
    browser.ask("try { document.body.innerHTML = '<b>markup</b>'; } catch (refused) {}");
    assertThatThrownBy(browser::requireQuiet).isInstanceOf(AssertionError.class);
    browser.forget();
  }

  @Test
  void withoutScriptsItSaysWhereElseToGo() {
    browser.cdp("Emulation.setScriptExecutionDisabled", Map.of("value", true));
    try {
      browser.open("home", "main noscript");
      assertThat((String) browser.ask("return document.querySelector('main noscript').textContent"))
          .contains("JavaScript", "the documentation");
    } finally {
      browser.cdp("Emulation.setScriptExecutionDisabled", Map.of("value", false));
    }
  }

  /** With the network cut the page says so and keeps what it shows; then it goes on by itself. */
  @Test
  void aCutNetworkIsSaidAndHeals() {
    browser.open("runs");
    offline(true);
    browser.ask("window.dispatchEvent(new Event('hashchange'))");
    browser.see(".banner, .problem");
    offline(false);
    browser.open("runs");
    browser.await("no banner", "!document.querySelector('.banner')");
    browser.forget();
  }

  private static void offline(boolean cut) {
    browser.cdp("Network.enable", Map.of());
    browser.cdp(
        "Network.emulateNetworkConditions",
        Map.of("offline", cut, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
  }
}
