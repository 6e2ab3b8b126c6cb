package dev.onecycle.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RangeTest {

  private static final int DRAWS = 3_000;

  private static Range range(double min, double max, boolean log, boolean integer) {
    return new Range(min, max, log, integer, null);
  }

  private static List<Object> draws(Range range) {
    RandomGenerator random = new Seed(3).generator();
    return Stream.generate(() -> range.draw(random)).limit(DRAWS).toList();
  }

  private static double shareBelow(Range range, double limit) {
    return draws(range).stream().filter(drawn -> ((Number) drawn).doubleValue() < limit).count()
        / (double) DRAWS;
  }

  @Test
  void valuesAreAsLikelyAndPowersOfTenWithLog() {
    assertThat(shareBelow(range(0, 10, false, false), 5)).isBetween(0.47, 0.53);
    assertThat(shareBelow(range(1e-4, 1, true, false), 1e-2)).isBetween(0.47, 0.53);
    assertThat(draws(range(0, 10, false, false))).allMatch(drawn -> drawn instanceof Double);
  }

  @Test
  void wholeNumbersAreAsLikelyAtTheEndsToo() {
    Map<Object, Long> counts =
        draws(range(0.5, 3.5, false, true)).stream()
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    assertThat(counts).containsOnlyKeys(1L, 2L, 3L);
    assertThat(counts.values()).allMatch(count -> Math.abs(count - DRAWS / 3) < DRAWS / 15);
    assertThat(draws(range(2, 9, true, true))).contains(2L, 9L);
  }

  @Test
  void oneOfAListIsOfIt() {
    assertThat(draws(new Range(null, null, null, null, List.of("relu", "silu"))))
        .contains("relu", "silu")
        .containsOnly("relu", "silu");
  }

  private static List<String> wrong(@Nullable Double min, @Nullable Double max, boolean log) {
    List<FieldError> errors = new ArrayList<>();
    new Range(min, max, log, null, null).check("space[x]", errors);
    return errors.stream().map(FieldError::field).toList();
  }

  @Test
  void aRangeThatIsNoneSaysWhy() {
    assertThat(wrong(1.0, null, false)).containsExactly("space[x]");
    assertThat(wrong(2.0, 1.0, false)).containsExactly("space[x].max");
    assertThat(wrong(0.0, 1.0, true)).containsExactly("space[x].min");
    assertThat(wrong(Double.NaN, 1.0, false)).containsExactly("space[x].max");
    assertThat(wrong(1.0, 1.0, true)).isEmpty();
    List<FieldError> errors = new ArrayList<>();
    new Range(0.2, 0.8, null, true, null).check("space[x]", errors);
    new Range(null, 0.8, null, null, List.of(1)).check("space[y]", errors);
    assertThat(errors).extracting(FieldError::field).containsExactly("space[x]", "space[y]");
  }

  @Test
  void aTrialDrawsByItsNumberAlone() {
    SearchPlan plan =
        new SearchPlan(
            Map.of("b", range(0, 1, false, false), "a", range(0, 1, false, false)),
            5,
            3,
            List.of(1),
            Metric.ACCURACY,
            7);
    assertThat(plan.draw(3)).isEqualTo(plan.draw(3)).containsOnlyKeys("a", "b");
    assertThat(IntStream.range(0, 5).mapToObj(plan::draw).distinct()).hasSize(5);
  }
}
