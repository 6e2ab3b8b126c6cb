package dev.onecycle.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.platform.Failure;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BlendTest {

  private static final Goldens GOLDENS = new Goldens("L_blend", "blend.safetensors");

  private final Picture a = FormulaPicture.of(500, 375, 20);
  private final Picture b = FormulaPicture.of(375, 500, 21);

  @Test
  void squeezingEqualsPillowBitForBit() {
    assertThat(ResamplingTest.every(8, Blend.squeeze(a))).isEqualTo(GOLDENS.bytesOf("a256_sub8"));
    assertThat(ResamplingTest.every(8, Blend.squeeze(b))).isEqualTo(GOLDENS.bytesOf("b256_sub8"));
  }

  @Test
  void theBlendIsTheNotebooks() {
    float[] mixed = Blend.mix(Blend.squeeze(a), Blend.squeeze(b), 0.3);

    JsonNode stats = GOLDENS.entry("mix_stats");
    double sum = 0;
    double squares = 0;
    double projection = 0;
    for (int i = 0; i < mixed.length; i++) {
      sum += mixed[i];
      squares += mixed[i] * mixed[i];
      projection += mixed[i] * ((FormulaPicture.hash24(9, 0, i) - 8388608) / 8388608.0);
    }
    assertThat(sum).isCloseTo(stats.get("sum").asDouble(), within(0.01));
    assertThat(Math.sqrt(squares)).isCloseTo(stats.get("l2").asDouble(), within(1e-4));
    assertThat(projection).isCloseTo(stats.get("proj").asDouble(), within(1e-3));
    float[] expected = GOLDENS.floats("mix_sub8");
    for (int y = 0, i = 0; y < 256; y += 8) {
      for (int x = 0; x < 256; x += 8) {
        for (int c = 0; c < 3; c++, i++) {
          assertThat(mixed[(y * 256 + x) * 3 + c]).isCloseTo(expected[i], within(2e-7f));
        }
      }
    }
  }

  @Test
  void theEndsAreThePicturesThemselves() {
    assertThat(Blend.of(a, b, 1).rgb()).isEqualTo(Blend.squeeze(a).rgb());
    assertThat(Blend.of(a, b, 0).rgb()).isEqualTo(Blend.squeeze(b).rgb());
    assertThatThrownBy(() -> Blend.of(a, b, 1.1))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("1.1");
  }
}
