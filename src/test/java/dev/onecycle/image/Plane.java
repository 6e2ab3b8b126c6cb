package dev.onecycle.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import tools.jackson.databind.JsonNode;

/** A computed float picture [height, width, 3] held against a golden one [3, height, width]. */
record Plane(FloatPicture picture) {

  /** Every stored number, and mean, deviation and projection of the whole. */
  void assertClose(Goldens goldens, String name, float tolerance, double meanTolerance) {
    JsonNode golden = goldens.entry(name);
    assertThat(golden.get("shape").toString())
        .isEqualTo("[3," + picture.height() + "," + picture.width() + "]");
    assertStatistics(golden, meanTolerance);
    int step = golden.has("subgrid_step") ? golden.get("subgrid_step").asInt() : 1;
    float[] expected = goldens.floats(name);
    double errors = 0;
    int i = 0;
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < picture.height(); y += step) {
        for (int x = 0; x < picture.width(); x += step, i++) {
          float actual = at(c, y, x);
          assertThat(actual)
              .as("%s at %d %d %d", name, c, y, x)
              .isCloseTo(expected[i], within(tolerance));
          errors += Math.abs(actual - expected[i]);
        }
      }
    }
    assertThat(i).isEqualTo(expected.length);
    assertThat(errors / i).as("mean error of %s", name).isLessThan(meanTolerance);
  }

  private void assertStatistics(JsonNode golden, double tolerance) {
    int n = picture.rgb().length;
    double sum = 0;
    double squares = 0;
    double projection = 0;
    int i = 0;
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < picture.height(); y++) {
        for (int x = 0; x < picture.width(); x++, i++) {
          double value = at(c, y, x);
          sum += value;
          squares += value * value;
          projection += value * ((FormulaPicture.hash24(9, 0, i) - 8388608) / 8388608.0);
        }
      }
    }
    double mean = sum / n;
    assertThat(mean).isCloseTo(golden.get("mean").asDouble(), within(tolerance));
    assertThat(Math.sqrt(squares / n - mean * mean))
        .isCloseTo(golden.get("std").asDouble(), within(tolerance));
    assertThat(projection).isCloseTo(golden.get("proj").asDouble(), within(tolerance * 1000));
  }

  private float at(int c, int y, int x) {
    return picture.rgb()[3 * (y * picture.width() + x) + c];
  }
}
