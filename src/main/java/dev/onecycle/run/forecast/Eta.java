package dev.onecycle.run.forecast;

import org.jspecify.annotations.Nullable;

/**
 * The times at which a run starts and ends, going by the epochs of earlier ones.
 *
 * @param untilStart of a queued run, else null
 * @param untilEnd with its evaluation
 * @param device that the earlier ones ran on
 * @param epochs how many earlier ones its own time was learned from
 */
public record Eta(@Nullable Span untilStart, Span untilEnd, @Nullable String device, int epochs) {

  /**
   * A time from now.
   *
   * @param seconds if all goes as it mostly went
   * @param low if it goes as fast as the fastest tenth
   * @param high if it goes as slowly as the slowest tenth
   */
  public record Span(double seconds, double low, double high) {

    static final Span NONE = new Span(0, 0, 0);

    static Span of(TimeEstimate estimate) {
      return new Span(estimate.seconds(), estimate.low(), estimate.high());
    }

    Span plus(Span other) {
      return new Span(seconds + other.seconds, low + other.low, high + other.high);
    }

    Span times(double factor) {
      return new Span(seconds * factor, low * factor, high * factor);
    }
  }
}
