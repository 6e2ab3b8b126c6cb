package dev.onecycle.run.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepCurveTest {

  private final StepCurve curve = new StepCurve();

  /** What the table would hold: changes are written as {@link RunSteps#write} does. */
  private final List<StepPoint> table = new ArrayList<>();

  @Test
  void keepsEveryStepAsLongAsTheyAreFew() {
    add(1, StepCurve.MOST_POINTS);
    write();
    assertThat(table).hasSize(StepCurve.MOST_POINTS);
    assertThat(table.get(6)).isEqualTo(StepPoint.of(step(7)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000, 1025, 4096, 100_001})
  void coversEveryStepOnceWithinItsSize(int steps) {
    add(1, steps);
    write();
    assertCovers(table, steps);
    assertThat(table).hasSizeBetween(Math.min(steps, 513), StepCurve.MOST_POINTS);
    assertThat(mean(table)).isCloseTo((1 + steps) / 2.0, within(1e-6 * steps));
  }

  @Test
  void whatIsWrittenInPiecesIsWhatWouldBeWrittenAtOnce() {
    StepCurve other = new StepCurve();
    for (int step = 1; step <= 20_000; step++) {
      curve.add(step(step));
      other.add(step(step));
      if (step % 37 == 0) {
        write();
      }
    }
    write();
    assertThat(table).isEqualTo(other.changes().points());
    assertThat(curve.changes().points()).as("the last point may grow").hasSize(1);
  }

  @Test
  void changesThatWereNotWrittenComeAgain() {
    add(1, 10);
    StepCurve.Changes lost = curve.changes();
    add(11, 20);
    assertThat(curve.changes().points()).startsWith(lost.points().toArray(StepPoint[]::new));
    curve.changes();
    add(21, 5_000);
    curve.wrote(lost);
    assertThat(curve.changes().firstStep()).as("narrower points were written").isEqualTo(1);
  }

  @Test
  void aSpikeShowsHoweverFewThePoints() {
    add(1, 70_000);
    curve.add(new StepRecord(1, 0, 1, 70_001, 200_000, 2.0, 1e6, 0.1, 0.9, 100));
    add(70_002, 200_000);
    write();
    List<StepPoint> few = StepCurve.atMost(10, table);
    assertThat(few).hasSize(10);
    assertCovers(few, 200_000);
    assertThat(few).filteredOn(point -> point.maxLoss() == 1e6).hasSize(1);
    assertThat(few.get(9).learningRate()).isEqualTo(step(200_000).learningRate());
  }

  @Test
  void fewerThanAskedForAreWhatThereIs() {
    assertThat(StepCurve.atMost(500, List.of())).isEmpty();
    add(1, 3);
    write();
    assertThat(StepCurve.atMost(500, table)).isEqualTo(table);
    assertThat(StepCurve.atMost(1, table)).hasSize(1);
  }

  @Test
  void goesOnAfterWhatWasKept() {
    add(1, 3_000);
    write();
    List<StepPoint> kept = new ArrayList<>(table.subList(0, 500));
    StepPoint cut = kept.remove(499);
    kept.add(
        new StepPoint(
            cut.firstStep(),
            cut.firstStep(),
            cut.loss(),
            cut.minLoss(),
            cut.maxLoss(),
            cut.trainLoss(),
            cut.learningRate(),
            cut.momentum()));
    StepCurve second = new StepCurve(kept);
    table.clear();
    table.addAll(kept);
    for (long step = cut.firstStep() + 1; step <= 9_000; step++) {
      second.add(step(step));
    }
    write(second);
    assertCovers(table, 9_000);
  }

  private void add(long from, long to) {
    for (long step = from; step <= to; step++) {
      curve.add(step(step));
    }
  }

  /** Its loss is its number. */
  private static StepRecord step(long step) {
    return new StepRecord(
        1, 0, 1, step, 1_000_000, step / 2.0, (double) step, 1e-3 * step, 0.9, 100);
  }

  private void write() {
    write(curve);
  }

  private void write(StepCurve of) {
    StepCurve.Changes changes = of.changes();
    table.removeIf(point -> point.firstStep() >= changes.firstStep());
    table.addAll(changes.points());
    of.wrote(changes);
  }

  private static void assertCovers(List<StepPoint> points, long steps) {
    long next = 1;
    for (StepPoint point : points) {
      assertThat(point.firstStep()).isEqualTo(next);
      next = point.lastStep() + 1;
    }
    assertThat(next).isEqualTo(steps + 1);
  }

  private static double mean(List<StepPoint> points) {
    return points.stream().mapToDouble(point -> point.loss() * point.steps()).sum()
        / points.stream().mapToLong(StepPoint::steps).sum();
  }
}
