package dev.onecycle.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

  @Test
  void countsEdits() {
    assertThat(Nearest.edits("", "")).isZero();
    assertThat(Nearest.edits("", "abc")).isEqualTo(3);
    assertThat(Nearest.edits("kitten", "sitting")).isEqualTo(3);
    assertThat(Nearest.edits("flaw", "lawn")).isEqualTo(2);
  }

  @Test
  void ignoresCaseAndEndlessWords() {
    assertThat(Nearest.to("EPOCHS", List.of("size", "epochs"))).isEqualTo("epochs");
    assertThat(Nearest.unknown("field", "x".repeat(10_000), List.of("size")).length())
        .isLessThan(150);
  }
}
