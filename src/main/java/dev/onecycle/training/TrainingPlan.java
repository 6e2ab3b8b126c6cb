package dev.onecycle.training;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/**
 * The steps of a recipe on given data, known before the first one.
 *
 * @param phases the parts of each phase, in order
 * @param steps of the whole run
 * @param bend where a schedule goes on at another pace
 */
public record TrainingPlan(List<List<Part>> phases, long steps, Bend bend) {

  /**
   * Some epochs of as many steps; a last batch of fewer pictures is dropped.
   *
   * @param fit which of its phase's it is part of, from 0
   * @param stretch the epochs, and what they are in
   * @param stepsPerEpoch of each
   */
  public record Part(int fit, Stretch stretch, int stepsPerEpoch) {

    private int epochs() {
      return stretch.epochs();
    }

    private Part exchange(StateExchange with, String name) {
      return new Part(
          (int) with.number(name + "fit", fit),
          new Stretch(
              (int) with.number(name + "size", stretch.size()),
              (int) with.number(name + "batchSize", stretch.batchSize()),
              (int) with.number(name + "epochs", stretch.epochs())),
          (int) with.number(name + "steps", stepsPerEpoch));
    }
  }

  /**
   * The place up to which one fit's schedule went as an earlier plan had it: the steps that are
   * left then share what is left of it.
   *
   * @param phase from 1; 0 for nowhere
   * @param fit inside its phase, from 0
   * @param steps of the fit that were done
   * @param done the share of the schedule that was
   */
  public record Bend(int phase, int fit, long steps, double done) {
    static final Bend NONE = new Bend(0, 0, 0, 0);

    private Bend exchange(StateExchange with) {
      return new Bend(
          (int) with.number("plan.bend.phase", phase),
          (int) with.number("plan.bend.fit", fit),
          (long) with.number("plan.bend.steps", (double) steps),
          with.number("plan.bend.done", done));
    }
  }

  /** Makes the plan of phases of such parts. */
  public TrainingPlan(List<List<Part>> phases) {
    this(phases, Bend.NONE);
  }

  TrainingPlan(List<List<Part>> phases, Bend bend) {
    this(
        phases,
        phases.stream()
            .flatMap(List::stream)
            .mapToLong(part -> (long) part.epochs() * part.stepsPerEpoch)
            .sum(),
        bend);
  }

  /**
   * Plans {@code recipe} on {@code data}.
   *
   * @throws Failure.Invalid if a phase's batch is larger than its training pictures, a fit has
   *     fewer steps than one update needs, or nothing is left to validate with
   */
  public static TrainingPlan of(Recipe recipe, TrainingData data) {
    return of(recipe, phase -> data.train(phase).size(), data.valid(1).size());
  }

  /**
   * Plans as {@link #of(Recipe, TrainingData)}, from numbers alone.
   *
   * @param training how many pictures train in a phase, counted from 1
   * @param validating how many pictures validate
   * @throws Failure.Invalid likewise
   */
  public static TrainingPlan of(Recipe recipe, IntUnaryOperator training, int validating) {
    List<FieldError> errors = new ArrayList<>();
    List<List<Part>> phases = new ArrayList<>();
    for (int i = 0; i < recipe.phases().size(); i++) {
      phases.add(parts(recipe.phases().get(i), i, training.applyAsInt(i + 1), errors));
    }
    TrainingPlan plan = new TrainingPlan(List.copyOf(phases));
    plan.requireUpdates(recipe, errors);
    if (!errors.isEmpty()) {
      throw new Failure.Invalid(
          errors.get(0).message(), "lower batchSize or accumulate, or add pictures", errors);
    }
    if (validating == 0) {
      throw new Failure.Invalid(
          "the dataset has no validation pictures",
          "import it with split {\"strategy\": \"random\"}");
    }
    return plan;
  }

  private static List<Part> parts(Phase phase, int index, int pictures, List<FieldError> errors) {
    int entry = 0;
    for (Stretch stretch : phase.stretches()) {
      if (stretch.batchSize() > pictures) {
        String path =
            phase.plan().isEmpty()
                ? "phases[%d].batchSize".formatted(index)
                : "phases[%d].plan[%d].batchSize".formatted(index, entry);
        String message =
            "batch " + stretch.batchSize() + " > " + pictures + " training pictures of the dataset";
        errors.add(new FieldError(path, message, stretch.batchSize(), pictures));
      }
      entry++;
    }
    return parts(phase, epoch -> pictures / phase.stretchAt(epoch).batchSize());
  }

  /** Returns the parts of a phase whose epochs, from 0, have so many steps. */
  private static List<Part> parts(Phase phase, IntUnaryOperator stepsPerEpoch) {
    List<Part> parts = new ArrayList<>();
    List<Fit> fits = Fit.of(phase);
    int epoch = 0;
    for (int fit = 0; fit < fits.size(); fit++) {
      for (Stretch stretch : fits.get(fit).stretches(phase)) {
        parts.add(new Part(fit, stretch, stepsPerEpoch.applyAsInt(epoch)));
        epoch += stretch.epochs();
      }
    }
    return List.copyOf(parts);
  }

  private void requireUpdates(Recipe recipe, List<FieldError> errors) {
    for (int i = 0; i < recipe.phases().size(); i++) {
      Phase phase = recipe.phases().get(i);
      long shortest = Long.MAX_VALUE;
      for (int fit = 0; fit < Fit.of(phase).size(); fit++) {
        shortest = Math.min(shortest, stepsOf(i + 1, begin(i + 1, fit), end(i + 1, fit)));
      }
      if (shortest > 0 && phase.accumulate() > shortest) {
        String message =
            "accumulate "
                + phase.accumulate()
                + " > "
                + shortest
                + " steps of the phase's shortest fit, which would update nothing";
        errors.add(
            new FieldError("phases[" + i + "].accumulate", message, phase.accumulate(), shortest));
      }
    }
  }

  /**
   * Returns the plan of a recipe whose steps are known.
   *
   * @param stepsPerEpoch of a phase from 1 and its epoch from 0
   */
  static TrainingPlan ofSteps(Recipe recipe, IntBinaryOperator stepsPerEpoch) {
    List<List<Part>> phases = new ArrayList<>();
    for (int phase = 1; phase <= recipe.phases().size(); phase++) {
      int number = phase;
      phases.add(
          parts(recipe.phases().get(phase - 1), epoch -> stepsPerEpoch.applyAsInt(number, epoch)));
    }
    return new TrainingPlan(List.copyOf(phases));
  }

  /** Exchanges all of it; of another plan of the same recipe on the way in. */
  TrainingPlan exchange(StateExchange with) {
    List<List<Part>> exchanged = new ArrayList<>();
    for (int phase = 0; phase < phases.size(); phase++) {
      List<Part> parts = phases.get(phase);
      String name = "plan." + phase + ".";
      int count = (int) with.number(name + "parts", parts.size());
      List<Part> others = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Part part = parts.get(Math.min(i, parts.size() - 1));
        others.add(part.exchange(with, name + i + "."));
      }
      exchanged.add(List.copyOf(others));
    }
    return new TrainingPlan(exchanged, bend.exchange(with));
  }

  /** Returns how many steps are done there. */
  public long stepsAt(Position position) {
    int phase = position.phase();
    long ofPhase = phase > phases.size() ? 0 : stepsOf(phase, 0, position.epoch());
    return stepsBefore(phase) + ofPhase + position.step();
  }

  /** Returns the step of this plan that is as far as {@code step} of {@code steps}, rounded up. */
  public long asFarAs(long step, long steps) {
    return (step * this.steps + steps - 1) / steps;
  }

  /** Returns how many steps go before {@code phase}, which counts from 1. */
  long stepsBefore(int phase) {
    long before = 0;
    for (int earlier = 1; earlier < phase; earlier++) {
      before += stepsOf(earlier, 0, Integer.MAX_VALUE);
    }
    return before;
  }

  /**
   * Returns how many steps some epochs of a phase have.
   *
   * @param phase from 1
   * @param from the first epoch, from 0
   * @param to the first that is not meant any more
   */
  long stepsOf(int phase, int from, int to) {
    long steps = 0;
    int begin = 0;
    for (Part part : phases.get(phase - 1)) {
      int end = begin + part.epochs();
      steps += (long) Math.max(0, Math.min(to, end) - Math.max(from, begin)) * part.stepsPerEpoch;
      begin = end;
    }
    return steps;
  }

  /** Returns how many steps an epoch of a phase has; both count as positions do. */
  public int stepsPerEpoch(int phase, int epoch) {
    return partAt(phase, epoch).stepsPerEpoch;
  }

  /** Returns what an epoch is part of, which counts as positions do; after the last as the last. */
  Part partAt(int phase, int epoch) {
    List<Part> parts = phases.get(phase - 1);
    int end = 0;
    for (Part part : parts) {
      end += part.epochs();
      if (epoch < end) {
        return part;
      }
    }
    return parts.get(parts.size() - 1);
  }

  /** Returns how many epochs a phase has, which counts from 1. */
  int epochs(int phase) {
    return phases.get(phase - 1).stream().mapToInt(Part::epochs).sum();
  }

  /** Returns the first epoch of a phase's fit, which counts from 0. */
  int begin(int phase, int fit) {
    return end(phase, fit - 1);
  }

  /** Returns the first epoch after a phase's fit. */
  int end(int phase, int fit) {
    return phases.get(phase - 1).stream()
        .filter(part -> part.fit <= fit)
        .mapToInt(Part::epochs)
        .sum();
  }

  /**
   * Returns which share of a fit's schedule is done after so many of its steps; as exact as their
   * quotient where the plan has no bend in it.
   */
  double done(int phase, int fit, long steps) {
    long all = stepsOf(phase, begin(phase, fit), end(phase, fit));
    Bend from = bend.phase == phase && bend.fit == fit ? bend : Bend.NONE;
    double share = (double) (steps - from.steps) / Math.max(1, all - from.steps);
    return from.done + (1 - from.done) * share;
  }
}
