package dev.onecycle.dataset;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceTest {

  private static Source url(String url) {
    return new Source(Source.Type.URL, null, url, null);
  }

  /** Not where it is made: a row that was written before must stay readable. */
  @ParameterizedTest
  @ValueSource(ints = {0, 65_536, 99_999})
  void aPortThatIsNoneIsRefusedWhereItIsAskedFor(int port) {
    Source stored = url("https://example.org:" + port + "/a.tgz");
    assertThatThrownBy(stored::requirePort)
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("has port " + port);
  }

  @Test
  void otherPortsAreTaken() {
    url("https://example.org/a.tgz").requirePort();
    url("https://example.org:65535/a.tgz").requirePort();
    Source.sample().requirePort();
  }
}
