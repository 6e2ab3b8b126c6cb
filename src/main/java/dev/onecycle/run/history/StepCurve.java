package dev.onecycle.run.history;

import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a run as a curve of at most {@value #MOST_POINTS} points, however many come: each
 * point stands for a power of two of steps, and that doubles, neighbours becoming one, whenever the
 * curve is full. A step costs a few nanoseconds, in the long run too.
 *
 * <p>One thread adds steps, another takes what changed. Safe for both at once.
 */
public final class StepCurve {

  public static final int MOST_POINTS = 1024;

  /** In order; all but the last are complete. */
  private List<StepPoint> points = new ArrayList<>();

  /** Steps a point stands for: a power of two. */
  private long width = 1;

  /** How many of the first points are known to be written as they are. */
  private int written;

  /**
   * Points that are not written as they are, and so replace everything from the first's on.
   *
   * @param points in order
   * @param width of the curve that they were taken from
   * @param before how many written points go before them
   */
  public record Changes(List<StepPoint> points, long width, int before) {

    long firstStep() {
      return points.get(0).firstStep();
    }
  }

  /** Makes a curve without points. */
  StepCurve() {}

  /**
   * Makes a curve that goes on after {@code known}, the written points of steps before it, in
   * order.
   */
  StepCurve(List<StepPoint> known) {
    points.addAll(known);
    long widest = known.stream().mapToLong(StepPoint::steps).max().orElse(1);
    while (width < widest) {
      width *= 2;
    }
    written = Math.max(0, points.size() - 1);
  }

  /** Adds the step that follows. */
  public synchronized void add(StepRecord step) {
    append(points, StepPoint.of(step));
    while (points.size() > MOST_POINTS) {
      width *= 2;
      List<StepPoint> wider = new ArrayList<>();
      points.forEach(point -> append(wider, point));
      points = wider;
      written = 0;
    }
  }

  private void append(List<StepPoint> to, StepPoint next) {
    int last = to.size() - 1;
    if (last >= 0 && place(to.get(last)) >= place(next)) {
      to.set(last, to.get(last).with(next));
    } else {
      to.add(next);
    }
  }

  private long place(StepPoint point) {
    return (point.firstStep() - 1) / width;
  }

  /** Returns what is not written yet; the last point is always among it, since it may grow. */
  public synchronized Changes changes() {
    return new Changes(List.copyOf(points.subList(written, points.size())), width, written);
  }

  /** Notes that these changes are safe. Until then they are taken again. */
  public synchronized void wrote(Changes changes) {
    if (changes.width() == width && !changes.points().isEmpty()) {
      written = Math.max(written, changes.before() + changes.points().size() - 1);
    }
  }

  /**
   * Returns at most {@code most} points, at least 1, that stand for the same steps as {@code all}.
   */
  static List<StepPoint> atMost(int most, List<StepPoint> all) {
    int size = Math.min(most, all.size());
    List<StepPoint> fewer = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      int from = (int) ((long) i * all.size() / size);
      int to = (int) ((i + 1L) * all.size() / size);
      fewer.add(all.subList(from, to).stream().reduce(StepPoint::with).orElseThrow());
    }
    return fewer;
  }
}
