package dev.onecycle.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Bfloat16Test {

  /** 1 has neighbours 2^-7 above and 2^-8 below. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "-2.5, -2.5",
    "1.00390625, 1", // half way: to the even one
    "1.01171875, 1.015625", // half way from the odd one
    "1.00390637, 1.0078125", // a little more than half way
    "-1.01171875, -1.015625",
    "0.99902344, 1",
  })
  void roundsToTheNearest(float value, float expected) {
    float rounded = Bfloat16.nearest(value);

    assertThat(rounded).isEqualTo(expected);
    assertThat(Float.intBitsToFloat(Bfloat16.bits(rounded) << 16)).isEqualTo(expected);
  }
}
