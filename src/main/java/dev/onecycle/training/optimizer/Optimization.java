package dev.onecycle.training.optimizer;

import dev.onecycle.network.Parameters;
import dev.onecycle.recipe.Optimizer;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The optimizer of one fit: steps of its {@link UpdateRule} on each parameter group's two vectors,
 * and a {@link Lookahead} behind them where it has one.
 */
public final class Optimization implements AutoCloseable {

  private static final List<String> MOMENTS = List.of("first", "second");

  private final double weightDecay;
  private final UpdateRule rule;
  private final @Nullable Lookahead lookahead;
  private final Scope own = Scope.forKeeping();
  private final List<Group> groups;
  private int done;

  /** One parameter group: what it trains, and the moments of that. */
  private record Group(
      Parameters.Range range, UpdateRule.Vector decayed, UpdateRule.Vector plain) {}

  /**
   * Makes a fresh optimizer for {@code parameters}, which it updates in place, group by group.
   *
   * @param sizes of the tensors in {@code parameters}
   */
  public Optimization(
      Parameters parameters,
      List<Parameters.Range> groups,
      Parameters.Sizes sizes,
      Optimizer numbers) {
    weightDecay = numbers.weightDecay();
    rule = rule(numbers, groups, sizes);
    try (Scope scope = Scope.open()) {
      this.groups =
          IntStream.range(0, groups.size())
              .mapToObj(i -> group(i, parameters.slice(groups.get(i)), groups.get(i)))
              .toList();
      lookahead = numbers.kind().looksAhead() ? new Lookahead(parameters) : null;
    }
  }

  private static UpdateRule rule(
      Optimizer numbers, List<Parameters.Range> groups, Parameters.Sizes sizes) {
    double sqrMomentum = numbers.sqrMomentum();
    double epsilon = numbers.epsilon();
    return switch (numbers.kind()) {
      case ADAMW, LOOKAHEAD -> new AdamW(sqrMomentum, epsilon);
      case RANGER -> new RectifiedAdam(sqrMomentum, epsilon);
      case RANGERLARS -> {
        List<Parameters.Sizes> each = groups.stream().map(sizes::in).toList();
        yield new LayerwiseAdam(
            each.stream().flatMap(group -> Stream.of(group.decayed(), group.plain())).toList(),
            sqrMomentum,
            epsilon);
      }
      case SGD -> new Nesterov();
    };
  }

  private Group group(int number, Parameters members, Parameters.Range range) {
    return new Group(
        range, vector(2 * number, members.decayed()), vector(2 * number + 1, members.plain()));
  }

  private UpdateRule.Vector vector(int number, Tensor values) {
    List<Tensor> moments =
        Stream.generate(() -> Tensor.zeros(values.size()).keepIn(own))
            .limit(rule.moments())
            .toList();
    return new UpdateRule.Vector(number, values.keepIn(own), moments, Tensor.zeros().keepIn(own));
  }

  /**
   * Updates once with {@code gradients}, which are of the parameters' shape.
   *
   * @param rates one per group, lowest first
   */
  public void step(Parameters gradients, List<Rates> rates) {
    done++;
    for (int i = 0; i < groups.size(); i++) {
      Group group = groups.get(i);
      Rates now = rates.get(i);
      Parameters gradient = gradients.slice(group.range);
      if (!now.frozen()) {
        rule.step(group.decayed, gradient.decayed(), step(now, weightDecay));
      }
      rule.step(group.plain, gradient.plain(), step(now, 0));
    }
    if (lookahead != null) {
      lookahead.follow(done);
    }
  }

  private UpdateRule.Step step(Rates now, double decay) {
    return new UpdateRule.Step(done, now.learningRate(), now.momentum(), decay);
  }

  /** Returns all that it remembers, by name; the values are the network's. */
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      add(state, "optimizer." + i + ".decayed.", groups.get(i).decayed);
      add(state, "optimizer." + i + ".plain.", groups.get(i).plain);
    }
    if (lookahead != null) {
      lookahead.state(state);
    }
    return state;
  }

  private static void add(Map<String, Tensor> state, String name, UpdateRule.Vector vector) {
    for (int i = 0; i < vector.moments().size(); i++) {
      state.put(name + MOMENTS.get(i), vector.moments().get(i));
    }
    state.put(name + "steps", vector.steps());
  }

  /** Goes on from what {@link #state} was overwritten with. */
  public void goOn() {
    // What does not decay is never frozen: its count is that of all steps.
    done = (int) groups.get(0).plain.steps().item();
  }

  @Override
  public void close() {
    if (lookahead != null) {
      lookahead.close();
    }
    rule.close();
    own.close();
  }
}
