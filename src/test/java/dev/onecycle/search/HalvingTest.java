package dev.onecycle.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.platform.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HalvingTest {

  private static SearchPlan plan(int trials, int reduction, Metric metric, Integer... rungs) {
    return new SearchPlan(Map.of(), trials, reduction, List.of(rungs), metric, 1);
  }

  private static Standing at(Double... scores) {
    return new Standing(List.of(scores), false);
  }

  private static Standing over(Double... scores) {
    return new Standing(List.of(scores), true);
  }

  @ParameterizedTest
  @CsvSource({
    "27, 3, 15, '5,9,15'",
    "9, 3, 27, '9,27'",
    "16, 4, 5, '2,5'",
    "2, 2, 6, '2,6'",
    "2, 3, 5, '5'",
    "200, 2, 3, '1,2,3'"
  })
  void rungsLetWholeTrainingsDecide(int trials, int reduction, int epochs, String rungs) {
    assertThat(SearchPlan.rungs(trials, reduction, epochs))
        .containsExactlyElementsOf(Arrays.stream(rungs.split(",")).map(Integer::valueOf).toList());
  }

  @Test
  void goesOnOnceNothingCanChangeIt() {
    Halving halving = new Halving(plan(6, 3, Metric.ACCURACY, 1, 3));
    assertThat(halving.allowed(List.of(at(0.9), at(), at(), at(), at(), at())))
        .as("five may yet be better")
        .containsOnly(0);
    assertThat(halving.allowed(List.of(at(0.9), at(0.1), at(0.2), at(0.3), at(0.4), at())))
        .as("one may be better, and there are two places")
        .containsExactly(1, 0, 0, 0, 0, 0);
    assertThat(halving.allowed(List.of(at(0.9), at(0.1), at(0.2), at(0.3), at(0.4), over())))
        .containsExactly(1, 0, 0, 0, 1, 0);
  }

  @Test
  void aSmallerLossIsBetterAndOfEqualsTheFirst() {
    Halving losses = new Halving(plan(3, 3, Metric.VALID_LOSS, 1, 2));
    assertThat(losses.allowed(List.of(at(2.0), at(1.0), at(1.0)))).containsExactly(0, 1, 0);
    assertThat(losses.order(List.of(at(2.0), at(1.0, 0.5), at(1.0)))).containsExactly(1, 2, 0);
  }

  @Test
  void whoeverFailsTakesNoPlaceOfWhoDoesNot() {
    Halving halving = new Halving(plan(3, 3, Metric.ACCURACY, 1, 2));
    assertThat(halving.allowed(List.of(over(), over(), at(0.1)))).containsExactly(0, 0, 1);
    assertThat(halving.allowed(List.of(over(), over(), over()))).containsOnly(0);
  }

  /** In whatever order trials reach what, those go on that would if one waited for all. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theOrderOfArrivalChangesNothing(long seed) {
    RandomGenerator random = new Seed(seed).generator();
    SearchPlan plan =
        plan(20 + random.nextInt(20), 2 + random.nextInt(2), Metric.ACCURACY, 1, 3, 9, 27);
    List<List<Double>> scores = new ArrayList<>();
    List<Integer> failsAt = new ArrayList<>();
    for (int trial = 0; trial < plan.trials(); trial++) {
      scores.add(random.doubles(4).map(score -> Math.rint(score * 20) / 20).boxed().toList());
      failsAt.add(random.nextInt(12)); // most do not
    }
    assertThat(endOf(plan, scores, failsAt, random)).isEqualTo(waited(plan, scores, failsAt));
  }

  /** Lets one trial at a time reach its next rung, drawn from those that may. */
  private static List<Integer> endOf(
      SearchPlan plan, List<List<Double>> scores, List<Integer> failsAt, RandomGenerator random) {
    Halving halving = new Halving(plan);
    List<Standing> standing =
        new ArrayList<>(scores.stream().map(each -> new Standing(List.of(), false)).toList());
    while (true) {
      int[] allowed = halving.allowed(standing);
      List<Integer> may =
          IntStream.range(0, plan.trials())
              .filter(t -> !standing.get(t).over() && !standing.get(t).reached(allowed[t]))
              .boxed()
              .toList();
      if (may.isEmpty()) {
        return standing.stream().map(each -> each.scores().size()).toList();
      }
      int trial = may.get(random.nextInt(may.size()));
      int rung = standing.get(trial).scores().size();
      boolean fails = rung == failsAt.get(trial);
      standing.set(
          trial, new Standing(scores.get(trial).subList(0, fails ? rung : rung + 1), fails));
    }
  }

  private static List<Integer> waited(
      SearchPlan plan, List<List<Double>> scores, List<Integer> failsAt) {
    int[] reached = new int[plan.trials()];
    List<Integer> at = IntStream.range(0, plan.trials()).boxed().toList();
    int places = plan.trials();
    for (int rung = 0; rung < plan.rungs().size(); rung++) {
      int k = rung;
      List<Integer> there = at.stream().filter(trial -> failsAt.get(trial) != k).toList();
      there.forEach(trial -> reached[trial] = k + 1);
      places = Math.max(1, places / plan.reduction());
      at =
          there.stream()
              .sorted(
                  Comparator.comparing((Integer trial) -> -scores.get(trial).get(k))
                      .thenComparing(trial -> trial))
              .limit(places)
              .toList();
    }
    return Arrays.stream(reached).boxed().toList();
  }
}
