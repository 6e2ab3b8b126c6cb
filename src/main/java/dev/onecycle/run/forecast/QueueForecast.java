package dev.onecycle.run.forecast;

import dev.onecycle.fleet.Fleet;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import dev.onecycle.run.WorkAhead;
import dev.onecycle.run.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The forecast of when runs start and end, where earlier ones tell; never a guess. */
@Component
public class QueueForecast {

  private static final Set<RunState> FORECAST = Set.of(RunState.QUEUED, RunState.RUNNING);

  private final Runs runs;
  private final Experience experience;
  private final Fleet fleet;

  QueueForecast(Runs runs, Experience experience, Fleet fleet) {
    this.runs = runs;
    this.experience = experience;
    this.fleet = fleet;
  }

  /**
   * Forecasts of a RUNNING run what is left of it; of a QUEUED one everything that goes before it,
   * shared out among the slots of all workers, and then itself. Null in other states, without a
   * worker, and where a run that counts has no earlier epochs of its architecture, precision and
   * picture size to go by.
   */
  public @Nullable Eta of(Run run) {
    return of(List.of(run)).get(run.id());
  }

  /** As {@link #of(Run)}, of several; those of which nothing is said are left out. */
  public Map<UUID, Eta> of(List<Run> several) {
    List<Run> waited = several.stream().filter(run -> FORECAST.contains(run.state())).toList();
    Map<UUID, Eta> etas = new HashMap<>();
    if (!waited.isEmpty()) {
      Experience.Known known = experience.known();
      for (Run run : waited) {
        Eta eta = of(run, known);
        if (eta != null) {
          etas.put(run.id(), eta);
        }
      }
    }
    return etas;
  }

  private @Nullable Eta of(Run run, Experience.Known known) {
    if (run.state() == RunState.QUEUED) {
      return queued(run, known);
    }
    TimeEstimate left = left(run, known);
    return left == null ? null : eta(null, left);
  }

  private @Nullable Eta queued(Run run, Experience.Known known) {
    TimeEstimate own = known.estimate(experience.workload(run.workload()), null);
    if (own == null) {
      return null;
    }
    Eta.Span wait = wait(run, known);
    return wait == null ? null : eta(wait, own);
  }

  private static Eta eta(Eta.@Nullable Span wait, TimeEstimate own) {
    Eta.Span span = Eta.Span.of(own);
    return new Eta(wait, wait == null ? span : wait.plus(span), own.device(), own.epochs());
  }

  /** Runs that are asked to stop do so within a step: they are not waited for. */
  private Eta.@Nullable Span wait(Run run, Experience.Known known) {
    List<Run> running = runs.findByPoolAndState(run.pool(), RunState.RUNNING);
    List<WorkAhead> queued = runs.workBefore(run.pool(), run.spec().priority(), run.createdAt());
    long ahead = running.size() + queued.stream().mapToLong(WorkAhead::runs).sum();
    int slots = fleet.slots();
    if (slots == 0) {
      return null;
    }
    if (ahead < slots) {
      return Eta.Span.NONE;
    }
    Eta.Span all = Eta.Span.NONE;
    for (Run other : running) {
      TimeEstimate left = left(other, known);
      if (left == null) {
        return null;
      }
      all = all.plus(Eta.Span.of(left));
    }
    for (WorkAhead work : queued) {
      TimeEstimate each = known.estimate(experience.workload(work.workload()), null);
      if (each == null) {
        return null;
      }
      all = all.plus(Eta.Span.of(each).times((double) work.runs()));
    }
    return all.times(1.0 / slots);
  }

  private @Nullable TimeEstimate left(Run run, Experience.Known known) {
    Workload whole = experience.workload(run.workload());
    if (whole == null) {
      return null;
    }
    long done = run.progress() == null ? 0 : run.progress().step();
    if (whole.seconds() != null) {
      double share = run.progress() == null ? 0 : (double) done / run.progress().steps();
      return known.estimate(whole.share(1 - share), run.device());
    }
    return known.estimate(whole.after(done), run.device());
  }
}
