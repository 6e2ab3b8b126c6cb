package dev.onecycle.run;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/** The numbers of runs by state, counted when asked. */
@Component
class RunMetrics implements MeterBinder {

  private final Runs runs;

  RunMetrics(Runs runs) {
    this.runs = runs;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (RunState state : RunState.values()) {
      Gauge.builder("onecycle.runs", runs, all -> all.countByState(state))
          .description("runs by state")
          .tag("state", state.name())
          .register(registry);
    }
    Gauge.builder("onecycle.queue.depth", runs, all -> all.countByState(RunState.QUEUED))
        .description("runs that wait for a worker")
        .register(registry);
  }
}
