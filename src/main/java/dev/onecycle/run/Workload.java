package dev.onecycle.run;

import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The work that a run's time depends on. Equal workloads take equally long on one device.
 *
 * @param seconds that the run takes, whatever its work is, where it was given a time; else null
 * @param architecture the network's label, which names what is not plain about it, too
 * @param stretches in the order they are worked on
 */
public record Workload(
    String architecture, String precision, List<Stretch> stretches, @Nullable Double seconds) {

  /** Makes the workload of a run that takes as long as its work. */
  public Workload(String architecture, String precision, List<Stretch> stretches) {
    this(architecture, precision, stretches, null);
  }

  /** Returns the workload of a training that takes so many seconds. */
  public static Workload timed(Recipe recipe, double seconds) {
    return new Workload(
        recipe.network().label(), word(recipe.precision()), List.of(), Math.max(0, seconds));
  }

  /** A forward pass is about a third of a training step, which goes back as well. */
  private static final double FORWARD_COST = 1 / 3.0;

  /**
   * Work at one picture size.
   *
   * @param steps how many training steps it has; 0 for work that comes after training
   * @param pictures how many training pictures of that size it is worth
   * @param phase that it is part of, from 1; null where none is, and in older rows, in which each
   *     phase is one stretch
   * @param epochs how many of the phase's it has; null likewise
   */
  public record Stretch(
      int size, long steps, double pictures, @Nullable Integer phase, @Nullable Integer epochs) {

    /** Makes one that is no part of a phase. */
    public Stretch(int size, long steps, double pictures) {
      this(size, steps, pictures, null, null);
    }

    /** Returns what is left of it after {@code done} of its steps. */
    private Stretch after(long done) {
      double share = steps == 0 ? 1 : (double) (steps - done) / steps;
      return new Stretch(size, steps - done, pictures * share, phase, epochs);
    }
  }

  /**
   * Returns the workload of training by a recipe, with its validations and an evaluation at the
   * end.
   *
   * @param stepsPerEpoch of a phase from 1 and its epoch from 0
   * @param evaluated how many pictures the evaluation looks at, each view of each counted
   */
  public static Workload training(
      Recipe recipe, IntBinaryOperator stepsPerEpoch, int validPictures, long evaluated) {
    List<Stretch> stretches = new ArrayList<>();
    for (int phase = 1; phase <= recipe.phases().size(); phase++) {
      Phase here = recipe.phases().get(phase - 1);
      int begin = 0;
      for (var part : here.stretches()) {
        int end = begin + part.epochs();
        long steps = (long) part.epochs() * stepsPerEpoch.applyAsInt(phase, begin);
        long validated = validPictures * validations(recipe, phase, begin, end);
        stretches.add(
            new Stretch(
                part.size(),
                steps,
                (double) steps * part.batchSize() + seen(here.size(), part.size(), validated),
                phase,
                part.epochs()));
        begin = end;
      }
    }
    Phase last = recipe.phases().get(recipe.phases().size() - 1);
    int lastSize = last.stretchAt(last.totalEpochs() - 1).size();
    stretches.add(new Stretch(lastSize, 0, seen(last.size(), lastSize, evaluated)));
    return new Workload(recipe.network().label(), word(recipe.precision()), stretches);
  }

  /**
   * Returns how many training pictures of {@code size} so many forward passes of {@code seen} are
   * worth: a pass costs as the picture's area.
   */
  private static double seen(int seen, int size, long pictures) {
    double scale = (double) seen / size;
    return FORWARD_COST * pictures * scale * scale;
  }

  private static long validations(Recipe recipe, int phase, int from, int to) {
    int epochs = recipe.phases().get(phase - 1).totalEpochs();
    return IntStream.range(from, to).filter(epoch -> recipe.validates(epoch, epochs)).count();
  }

  /** Returns the workload of one picture of that size in a training. */
  public static Workload picture(Recipe recipe, int size) {
    return new Workload(
        recipe.network().label(), word(recipe.precision()), List.of(new Stretch(size, 1, 1)));
  }

  /** Returns the workload of so many steps of a recipe's first phase. */
  public static Workload sweep(Recipe recipe, long steps) {
    var first = recipe.phases().get(0).stretchAt(0);
    return new Workload(
        recipe.network().label(),
        word(recipe.precision()),
        List.of(new Stretch(first.size(), steps, (double) steps * first.batchSize())));
  }

  /** Returns the workload of so many views through a network of that architecture and precision. */
  public static Workload forward(
      String architecture, Recipe.Precision precision, int size, long steps, long views) {
    Stretch all = new Stretch(size, steps, FORWARD_COST * views);
    return new Workload(architecture, word(precision), List.of(all));
  }

  private static String word(Recipe.Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  /** Returns the picture size that an epoch trained in; both count as positions do. */
  public int sizeAt(int phase, int epoch) {
    int end = 0;
    for (Stretch stretch : stretches) {
      if (stretch.phase() != null && stretch.epochs() != null && stretch.phase() == phase) {
        end += stretch.epochs();
        if (epoch < end) {
          return stretch.size();
        }
      }
    }
    return stretches.get(phase - 1).size();
  }

  /** Returns the share of the work that the first epochs are; a picture counts as its area. */
  public double doneAfter(int epochs) {
    double done = 0;
    double all = 0;
    int left = epochs;
    for (Stretch stretch : stretches) {
      double work = stretch.pictures() * stretch.size() * stretch.size();
      all += work;
      if (stretch.epochs() != null) {
        int ofThis = Math.min(left, stretch.epochs());
        left -= ofThis;
        done += work * ofThis / stretch.epochs();
      }
    }
    return all == 0 ? 0 : done / all;
  }

  /** Returns what is left after so many steps of the whole run. */
  public Workload after(long steps) {
    List<Stretch> left = new ArrayList<>();
    long done = steps;
    for (Stretch stretch : stretches) {
      long ofThis = Math.min(done, stretch.steps());
      done -= ofThis;
      left.add(stretch.after(ofThis));
    }
    return new Workload(architecture, precision, left);
  }

  /** Returns the same work of a run that was given a time, of which such a share is left. */
  public Workload share(double left) {
    return new Workload(
        architecture, precision, stretches, seconds == null ? null : seconds * left);
  }
}
