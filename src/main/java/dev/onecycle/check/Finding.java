package dev.onecycle.check;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a check came to.
 *
 * @param measured names to numbers or words, in the order in which they were found; units are in
 *     the names
 * @param problem what is not as it must be; null if all is
 */
record Finding(Map<String, Object> measured, @Nullable String problem) {

  /** What a check finds out, one thing after the other. */
  static final class Notes {

    private final Map<String, Object> measured = new LinkedHashMap<>();
    private @Nullable String problem;

    /** Notes a number, rounded to four digits; what is no number is noted as a word. */
    void put(String name, double value) {
      if (Double.isFinite(value)) {
        measured.put(name, new BigDecimal(value).round(new MathContext(4)).doubleValue());
      } else {
        measured.put(name, "unknown");
      }
    }

    /** Notes a word. */
    void put(String name, String word) {
      measured.put(name, word);
    }

    /** Fails the check, for the first such reason, unless {@code holds}. */
    void require(boolean holds, String otherwise) {
      if (!holds && problem == null) {
        problem = otherwise;
      }
    }

    /** What all this comes to. */
    Finding finding() {
      return new Finding(measured, problem);
    }
  }
}
