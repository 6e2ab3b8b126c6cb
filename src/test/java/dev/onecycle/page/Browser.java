package dev.onecycle.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.onecycle.testing.Http;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium without a window, which looks at the page as somebody would. */
final class Browser implements AutoCloseable {

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final ChromeDriver driver;
  private final URI page;

  private Browser(ChromeDriver driver, URI page) {
    this.driver = driver;
    this.page = page;
  }

  /** A browser before the page of a service; see {@link #at}. */
  static Browser before(Http http) {
    return at(http.uri("/ui/"));
  }

  /** A browser for the page there; without Chromium it skips the test aloud, and fails it in CI. */
  static Browser at(URI page) {
    boolean here = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    String missing = "skipped, as there is no Chromium: everything about the page in a browser";
    if (!here) {
      assertThat(System.getenv("CI")).as("in CI Chromium must be there").isNotEqualTo("true");
      System.out.println(missing);
    }
    assumeTrue(here, missing);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
    options.addArguments("--disable-dev-shm-usage", "--disable-background-networking");
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build();
    ChromeDriver driver = new ChromeDriver(service, options);
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    Browser browser = new Browser(driver, page);
    browser.look(1440, "light");
    return browser;
  }

  /** Makes the window that wide, and the colours light or dark. */
  void look(int width, String theme) {
    cdp(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    Map<String, String> wish = Map.of("name", "prefers-color-scheme", "value", theme);
    cdp("Emulation.setEmulatedMedia", Map.of("features", List.of(wish)));
  }

  void cdp(String command, Map<String, Object> parameters) {
    driver.executeCdpCommand(command, parameters);
  }

  /** Opens a part of the page by what stands behind its # and waits for its heading. */
  void open(String address) {
    open(address, "main h1");
  }

  /** The same, until something else is there. */
  void open(String address, String css) {
    driver.get("about:blank");
    driver.get(page + "#/" + address);
    see(css);
  }

  /** The first thing that fits, once it is there. */
  WebElement see(String css) {
    return Awaitility.await(css)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> driver.findElements(By.cssSelector(css)), found -> !found.isEmpty())
        .get(0);
  }

  /** Presses the button or link with that text. */
  void press(String text) {
    By by =
        By.xpath(
            "//*[self::button or self::a][not(@disabled)][normalize-space()='TEXT' or @aria-label='TEXT']"
                .replace("TEXT", text));
    Awaitility.await(text)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              List<WebElement> found = driver.findElements(by);
              WebElement last = found.get(found.size() - 1);
              ask("arguments[0].scrollIntoView({block: 'center'})", last);
              last.click();
              return true;
            });
  }

  /**
   * Milliseconds from asking for a part of the page, in a new document, to the first such thing.
   */
  double openUntil(String css, String address) {
    driver.get("about:blank");
    String look =
        "const look = new MutationObserver(() => { if (document.querySelector('%s')) {"
            + " window.seenAt = performance.now(); look.disconnect(); } });"
            + "look.observe(document, {childList: true, subtree: true});";
    Object id =
        driver
            .executeCdpCommand(
                "Page.addScriptToEvaluateOnNewDocument", Map.of("source", look.formatted(css)))
            .get("identifier");
    driver.get(page + "#/" + address);
    await(css, "window.seenAt");
    cdp("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", id));
    return ((Number) ask("return window.seenAt")).doubleValue();
  }

  /** Gets to the button, link or field with that text or name by Tab alone. */
  void reach(String text) {
    String said =
        "const e = document.activeElement;"
            + "return e.disabled ? '' : e.getAttribute('aria-label') || e.textContent.trim() || e.id";
    Awaitility.await(text)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              keys(Keys.TAB);
              return text.equals(ask(said));
            });
  }

  /** Types, wherever the focus is. */
  void keys(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** Opens another tab and looks at it from now on. */
  void tab() {
    driver.switchTo().newWindow(WindowType.TAB);
  }

  /** Drags the mouse over something, from one share of its width to another. */
  void drag(String css, double from, double to) {
    WebElement over = see(css);
    ask("arguments[0].scrollIntoView({block: 'center'})", over);
    int width = over.getSize().getWidth();
    new Actions(driver)
        .moveToElement(over, (int) ((from - 0.5) * width), 0)
        .clickAndHold()
        .moveByOffset((int) ((to - from) * width), 0)
        .release()
        .perform();
  }

  void await(String what, String script) {
    Awaitility.await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> Boolean.TRUE.equals(ask("return Boolean(" + script + ")")));
  }

  Object ask(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  String text() {
    return driver.findElement(By.tagName("body")).getText();
  }

  String address() {
    return driver.getCurrentUrl();
  }

  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  /** Nothing was refused, nothing failed, nobody else was asked. */
  void requireQuiet() {
    assertThat(driver.manage().logs().get(LogType.BROWSER).getAll())
        .filteredOn(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .isEmpty();
    String service = page.resolve("..").toString();
    assertThat((List<?>) ask("return performance.getEntriesByType('resource').map(e => e.name)"))
        .allMatch(name -> name.toString().replaceFirst("^blob:", "").startsWith(service));
  }

  /** Forgets what was said so far, after something was meant to fail. */
  void forget() {
    driver.manage().logs().get(LogType.BROWSER);
  }

  /** What axe calls serious or worse, light and dark. */
  void requireAccessible() {
    for (String theme : List.of("light", "dark")) {
      look(1440, theme);
      ask(axe());
      Object found =
          driver.executeAsyncScript(
              "const done = arguments[arguments.length - 1];"
                  + "axe.run({resultTypes: ['violations']}).then(r => done(r.violations"
                  + ".filter(v => ['serious', 'critical'].includes(v.impact))"
                  + ".map(v => v.id + ': ' + v.nodes.map(n => n.html).slice(0, 3).join(' '))))");
      assertThat((List<?>) found).as(address() + ", " + theme).isEmpty();
    }
    look(1440, "light");
  }

  private static String axe() {
    try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** On a telephone nothing hangs out at the side. */
  void requireNarrow() {
    look(360, "light");
    assertThat((Long) ask("return document.documentElement.scrollWidth"))
        .as("%s, 360 pixels wide", address())
        .isLessThanOrEqualTo(360);
    look(1440, "light");
  }

  /** A picture of it for the documentation: {@code -Donecycle.screenshots.write=true} keeps it. */
  void screenshot(String name, int height) {
    if (Boolean.getBoolean("onecycle.screenshots.write")) {
      cdp(
          "Emulation.setDeviceMetricsOverride",
          Map.of("width", 1280, "height", height, "deviceScaleFactor", 1, "mobile", false));
      await("pictures", "[...document.images].every(i => i.complete && i.src)");
      Object png = driver.executeCdpCommand("Page.captureScreenshot", Map.of()).get("data");
      try {
        Files.write(Path.of("docs", name + ".png"), Base64.getDecoder().decode((String) png));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      look(1440, "light");
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
