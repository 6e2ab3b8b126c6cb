package dev.onecycle.run;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/** The numbers of runs by pool and state, counted when asked. */
@Component
class RunMetrics implements MeterBinder {

  private final Runs runs;

  RunMetrics(Runs runs) {
    this.runs = runs;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Pool pool : Pool.values()) {
      for (RunState state : RunState.values()) {
        Gauge.builder("onecycle.runs", runs, all -> all.countByPoolAndState(pool, state))
            .description("runs by state")
            .tag("pool", pool.name())
            .tag("state", state.name())
            .register(registry);
      }
    }
    Gauge.builder(
            "onecycle.queue.depth",
            runs,
            all -> all.countByPoolAndState(Pool.DEVICES, RunState.QUEUED))
        .description("runs that wait for a worker")
        .register(registry);
  }
}
