package dev.onecycle.bench;

import dev.onecycle.run.Planned;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunWork;
import dev.onecycle.run.history.StepRecord;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A kind of run that only tells steps: it is asked for how many. It notes when. */
class SteppingWork implements RunWork<Integer> {

  static final String KIND = "steps";

  private final Map<UUID, CompletableFuture<Long>> started = new ConcurrentHashMap<>();
  private final Map<UUID, CompletableFuture<Long>> told = new ConcurrentHashMap<>();

  @Override
  public String kind() {
    return KIND;
  }

  /** When a run's work began, on {@link System#nanoTime}'s clock; waits for it. */
  long started(UUID run) {
    return of(started, run).join();
  }

  /** When a run's last step was told; waits for it. */
  long told(UUID run) {
    return of(told, run).join();
  }

  @Override
  public Class<Integer> asked() {
    return Integer.class;
  }

  @Override
  public Planned plan(RunSpec spec, Integer steps) {
    return new Planned(List.of(), null);
  }

  @Override
  public Ending execute(RunContext context, Integer steps) {
    of(started, context.run()).complete(System.nanoTime());
    for (int step = 1; step <= steps; step++) {
      context.step(new StepRecord(1, 0, 1, step, steps, 1.0, 1.0 / step, 1e-3, 0.95, 100));
    }
    of(told, context.run()).complete(System.nanoTime());
    return Ending.COMPLETED;
  }

  private static CompletableFuture<Long> of(Map<UUID, CompletableFuture<Long>> all, UUID run) {
    return all.computeIfAbsent(run, id -> new CompletableFuture<>());
  }
}
