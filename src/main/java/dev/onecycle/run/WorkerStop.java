package dev.onecycle.run;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The part that ends the worker as the first thing when the service is asked to end, while the
 * database and HTTP are still there: runs keep their state and go back to the queue.
 */
@Component
class WorkerStop implements SmartLifecycle {

  /** Of the ten to thirty seconds that supervisors give: enough for a step and its resume point. */
  private static final Duration GRACE = Duration.ofSeconds(15);

  private final RunWorker worker;
  private volatile boolean running;

  WorkerStop(RunWorker worker) {
    this.worker = worker;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    worker.stop(GRACE);
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
