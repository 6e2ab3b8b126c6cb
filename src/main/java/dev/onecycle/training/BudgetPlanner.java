package dev.onecycle.training;

import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.Stretch;
import dev.onecycle.training.TrainingPlan.Bend;
import dev.onecycle.training.TrainingPlan.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of a training that has to end in time: what is left of its recipe is lengthened or
 * cut, all of it in the same proportion, until it takes as long as there is time. Where a stretch
 * does not come to whole epochs, its epochs are equally short ones. Pure.
 */
public final class BudgetPlanner {

  /** No training has more than so many times its recipe's epochs, however long it may take. */
  public static final int MOST_TIMES = 10;

  private static final int MOST_EPOCHS = 1000;
  private static final int HALVINGS = 50;

  /** What is left of a size over an epoch's end is no epoch of its own if it is less of one. */
  private static final double LEAST_EPOCH = 0.1;

  /** Larger sizes are for trainings that see each picture at least so often. */
  private static final double LEAST_PASSES = 4;

  /**
   * A stretch of the recipe.
   *
   * @param accumulate steps that an update takes
   * @param wholeEpoch steps in which every picture is seen
   * @param steps that it has in the recipe
   * @param from the share of its fit's schedule that goes before it
   * @param to the share that is done at its end
   */
  private record Leg(
      int phase,
      int fit,
      Stretch in,
      int accumulate,
      int wholeEpoch,
      double steps,
      double from,
      double to) {

    boolean isOf(int phase, Part part) {
      return this.phase == phase
          && fit == part.fit()
          && in.size() == part.stretch().size()
          && in.batchSize() == part.stretch().batchSize();
    }

    /** Returns how many of the recipe's steps are left once so much of the schedule is done. */
    double left(double done) {
      double share = (to - Math.max(from, Math.min(to, done))) / (to - from);
      return share * steps;
    }
  }

  private final Recipe recipe;
  private final List<Leg> legs = new ArrayList<>();

  /**
   * @param pictures how many train in a phase, counted from 1; at least a batch
   */
  public BudgetPlanner(Recipe recipe, IntUnaryOperator pictures) {
    this.recipe = recipe;
    TrainingPlan whole =
        TrainingPlan.ofSteps(
            recipe,
            (phase, epoch) ->
                pictures.applyAsInt(phase)
                    / recipe.phases().get(phase - 1).stretchAt(epoch).batchSize());
    for (int phase = 1; phase <= recipe.phases().size(); phase++) {
      long before = 0;
      for (Part part : whole.phases().get(phase - 1)) {
        int begin = whole.begin(phase, part.fit());
        long ofFit = whole.stepsOf(phase, begin, whole.end(phase, part.fit()));
        before = legs.isEmpty() || last().phase != phase || last().fit != part.fit() ? 0 : before;
        long after = before + (long) part.stretch().epochs() * part.stepsPerEpoch();
        legs.add(
            new Leg(
                phase,
                part.fit(),
                part.stretch(),
                recipe.phases().get(phase - 1).accumulate(),
                part.stepsPerEpoch(),
                (double) after - before,
                (double) before / ofFit,
                (double) after / ofFit));
        before = after;
      }
    }
  }

  private Leg last() {
    return legs.get(legs.size() - 1);
  }

  /** Returns the stretches whose steps' times it goes by, in order. */
  public List<Stretch> stretches() {
    return legs.stream().map(Leg::in).toList();
  }

  /** Returns whether an epoch of a phase that has so many ends with a validation. */
  boolean validates(int epoch, int epochs) {
    return recipe.validates(epoch, epochs);
  }

  /** Returns how many sizes its recipe trains in. */
  public int sizes() {
    return (int) stretches().stream().map(Stretch::size).distinct().count();
  }

  public Recipe recipe() {
    return recipe;
  }

  /**
   * Returns the recipe with fewer of its sizes, the largest being left out.
   *
   * @param sizes how many stay; a recipe of several phases keeps all
   */
  public static Recipe smaller(Recipe recipe, int sizes) {
    return recipe.phases().size() > 1
        ? recipe
        : recipe.with(List.of(recipe.phases().get(0).smallest(sizes)));
  }

  /**
   * Returns the planner of the recipe in as many of its sizes as there is time for: with fewer than
   * four looks at each picture, those are better many than large.
   *
   * @param times of each recipe that is a smaller one
   */
  public static BudgetPlanner choose(
      Recipe recipe,
      IntUnaryOperator pictures,
      Function<BudgetPlanner, StepTimes> times,
      double seconds) {
    BudgetPlanner chosen = new BudgetPlanner(recipe, pictures);
    for (int sizes = chosen.sizes() - 1; sizes > 0 && recipe.phases().size() == 1; sizes--) {
      if (chosen.passes(chosen.plan(times.apply(chosen), seconds)) >= LEAST_PASSES) {
        return chosen;
      }
      chosen = new BudgetPlanner(smaller(recipe, sizes), pictures);
    }
    return chosen;
  }

  /** Returns how often a plan looks at each picture. */
  private double passes(TrainingPlan plan) {
    double passes = 0;
    for (int phase = 1; phase <= plan.phases().size(); phase++) {
      for (Part part : plan.phases().get(phase - 1)) {
        double whole = legs.get(indexOf(phase, part)).wholeEpoch;
        passes += part.stretch().epochs() * part.stepsPerEpoch() / whole;
      }
    }
    return passes;
  }

  /** Returns the plan that takes {@code seconds}, or the shortest one where none is as short. */
  public TrainingPlan plan(StepTimes times, double seconds) {
    return fitting(null, Position.START, times, seconds);
  }

  /** Returns {@code now} up to that position, and what then takes {@code seconds}. */
  TrainingPlan planFrom(TrainingPlan now, Position at, StepTimes times, double seconds) {
    boolean phaseOver = at.epoch() >= now.epochs(at.phase());
    return fitting(now, phaseOver ? at.nextPhase() : at, times, seconds);
  }

  private TrainingPlan fitting(
      @Nullable TrainingPlan now, Position at, StepTimes times, double seconds) {
    double most = Math.min(MOST_TIMES, (double) MOST_EPOCHS / recipe.totalEpochs());
    double fits = 0;
    double tooLong = most;
    if (seconds(laidOut(most, now, at), at, times) <= seconds) {
      return laidOut(most, now, at);
    }
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (fits + tooLong) / 2;
      if (seconds(laidOut(middle, now, at), at, times) <= seconds) {
        fits = middle;
      } else {
        tooLong = middle;
      }
    }
    return laidOut(fits, now, at);
  }

  /** Returns how long {@code plan} takes from that position to its end. */
  public double seconds(TrainingPlan plan, Position from, StepTimes times) {
    double seconds = times.end();
    for (int phase = from.phase(); phase <= plan.phases().size(); phase++) {
      int first = phase == from.phase() ? from.epoch() : 0;
      int epochs = plan.epochs(phase);
      for (int epoch = first; epoch < epochs; epoch++) {
        Part part = plan.partAt(phase, epoch);
        int done = epoch == first && phase == from.phase() ? from.step() : 0;
        seconds += (part.stepsPerEpoch() - done) * times.steps().get(indexOf(phase, part));
        seconds += recipe.validates(epoch, epochs) ? times.validations().get(phase - 1) : 0;
      }
    }
    return seconds;
  }

  /** Returns which of the stretches an epoch of that part trains in. */
  int indexOf(int phase, Part part) {
    for (int i = 0; i < legs.size(); i++) {
      if (legs.get(i).isOf(phase, part)) {
        return i;
      }
    }
    throw new IllegalStateException(part + " is not of this recipe. This is a bug.");
  }

  /** Returns {@code now} up to there, and then {@code times} what is left of the recipe. */
  private TrainingPlan laidOut(double times, @Nullable TrainingPlan now, Position at) {
    Bend bend = now == null ? Bend.NONE : bend(now, at);
    List<List<Part>> phases = new ArrayList<>();
    for (int phase = 1; phase <= recipe.phases().size(); phase++) {
      if (now == null || phase > at.phase()) {
        phases.add(phase(phase, 0, times));
      } else if (phase < at.phase()) {
        phases.add(now.phases().get(phase - 1));
      } else {
        phases.add(begunPhase(now, at, bend, times));
      }
    }
    return new TrainingPlan(phases, bend);
  }

  /** Returns how far the fit is at that position. */
  private static Bend bend(TrainingPlan now, Position at) {
    int fit = now.partAt(at.phase(), at.epoch()).fit();
    long steps = now.stepsOf(at.phase(), now.begin(at.phase(), fit), at.epoch()) + at.step();
    return new Bend(at.phase(), fit, steps, now.done(at.phase(), fit, steps));
  }

  private List<Part> begunPhase(TrainingPlan now, Position at, Bend bend, double times) {
    PartList parts = new PartList();
    parts.addEpochsOf(now.phases().get(at.phase() - 1), at.epoch());
    Part current = now.partAt(at.phase(), at.epoch());
    int first = at.step() > 0 ? indexOf(at.phase(), current) : firstLeft(bend, times);
    addFit(parts, first, at.step(), bend.done(), times);
    parts.addAll(phase(at.phase(), bend.fit() + 1, times));
    return parts.copy();
  }

  /** Returns the stretch that the schedule is in, unless what is left of that is no epoch. */
  private int firstLeft(Bend at, double times) {
    int first = 0;
    while (legs.get(first).phase < at.phase() || legs.get(first).fit < at.fit()) {
      first++;
    }
    while (goesOn(first)
        && times * legs.get(first).left(at.done()) < LEAST_EPOCH * legs.get(first).wholeEpoch) {
      first++;
    }
    return first;
  }

  /** Returns whether the stretch after that one is of the same fit. */
  private boolean goesOn(int leg) {
    return leg + 1 < legs.size()
        && legs.get(leg + 1).phase == legs.get(leg).phase
        && legs.get(leg + 1).fit == legs.get(leg).fit;
  }

  /** Returns the parts of a phase's fits from that one on. */
  private List<Part> phase(int phase, int fromFit, double times) {
    PartList parts = new PartList();
    for (int i = 0; i < legs.size(); i++) {
      Leg leg = legs.get(i);
      boolean first = i == 0 || !goesOn(i - 1);
      if (leg.phase == phase && leg.fit >= fromFit && first) {
        addFit(parts, i, 0, 0, times);
      }
    }
    return parts.copy();
  }

  /**
   * Adds what is left of a fit: at least a step, and an update where it begins.
   *
   * @param first the stretch to begin in
   * @param begun steps that are done of that one's epoch
   * @param done the share of the schedule
   */
  private void addFit(PartList parts, int first, int begun, double done, double times) {
    double exact = 0;
    long given = 0;
    int end = first;
    while (goesOn(end)) {
      end++;
    }
    for (int i = first; i <= end; i++) {
      exact += times * legs.get(i).left(done);
    }
    long least = done > 0 ? 1 : legs.get(first).accumulate;
    long shortage = Math.max(0, least - Math.round(exact));
    exact = shortage;
    for (int i = first; i <= end; i++) {
      exact += times * legs.get(i).left(done);
      long steps = Math.round(exact) - given;
      given += steps;
      Leg leg = legs.get(i);
      parts.add(leg.fit, leg.in, leg.wholeEpoch, i == first ? begun : 0, steps);
    }
  }
}
