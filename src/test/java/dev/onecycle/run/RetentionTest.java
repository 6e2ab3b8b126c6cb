package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class RetentionTest {

  @Test
  void keepsWhatItsNameSays() {
    assertThat(Retention.BEST.keepsOther(true)).isFalse();
    assertThat(Retention.BEST_AND_LAST.keepsOther(true)).isTrue();
    assertThat(Retention.BEST_AND_LAST.keepsOther(false)).isFalse();
    assertThat(Retention.ALL.keepsOther(false)).isTrue();
  }

  @Test
  void isSetByItsWord() {
    assertThat(keep(Map.of())).isEqualTo(Retention.BEST_AND_LAST);
    assertThat(keep(Map.of("onecycle.run.keep", "all"))).isEqualTo(Retention.ALL);
    assertThat(keep(Map.of("onecycle.run.keep", "best"))).isEqualTo(Retention.BEST);
  }

  private static Retention keep(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("onecycle.run", RunProperties.class)
        .keep();
  }
}
