package dev.onecycle.bench;

import java.util.Arrays;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code n} measurements of a variant came to.
 *
 * @param unit of the median, the smallest and the largest value
 */
record Result(
    String bench, String variant, String unit, double median, double min, double max, int n) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  static Result of(String bench, String variant, String unit, double[] measured) {
    double[] sorted = measured.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    return new Result(
        bench, variant, unit, rounded(median), rounded(sorted[0]), rounded(sorted[n - 1]), n);
  }

  /** One line. */
  String json() {
    return JSON.writeValueAsString(this);
  }

  private static double rounded(double value) {
    return Math.round(value * 1e3) / 1e3;
  }
}
