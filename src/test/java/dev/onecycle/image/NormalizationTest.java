package dev.onecycle.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.platform.Failure;
import dev.onecycle.testing.Goldens;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class NormalizationTest {

  @Test
  void imagenetsIsFastais() {
    JsonNode golden = Goldens.json("G_data/data.json").at("/normalize_check/y");
    for (int n = 0; n < 2; n++) {
      float[] rgb = new float[12];
      for (int i = 0; i < 12; i++) {
        rgb[i % 4 * 3 + i / 4] = (n * 12 + i) / 24f; // planes to interleaved
      }
      Normalization.imagenet().apply(rgb);
      for (int i = 0; i < 12; i++) {
        double expected =
            golden.at("/%d/%d/%d/%d".formatted(n, i / 4, i / 2 % 2, i % 2)).asDouble();
        assertThat((double) rgb[i % 4 * 3 + i / 4]).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void refusesADeviationThatCannotDivide() {
    assertThatThrownBy(() -> new Normalization(List.of(0., 0., 0.), List.of(1., 0., 1.)))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("std [1.0, 0.0, 1.0]");
  }
}
