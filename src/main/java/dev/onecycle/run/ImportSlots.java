package dev.onecycle.run;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.onecycle.platform.Database;
import dev.onecycle.platform.Role;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * The slots of the pool {@link Pool#IMPORTS}: a scheduler that is started in processes that answer
 * requests, and only queues in others.
 */
class ImportSlots implements AutoCloseable {

  private final Scheduler scheduler;
  private final Schedulers.Turns turns;
  private final Executions executions;
  private final Database database;
  private final Role role;

  ImportSlots(
      Scheduler scheduler,
      Schedulers.Turns turns,
      Executions executions,
      Database database,
      Role role) {
    this.scheduler = scheduler;
    this.turns = turns;
    this.executions = executions;
    this.database = database;
    this.role = role;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Duration silence() {
    return turns.silence(scheduler);
  }

  /** As {@link WorkerStart#doStart}: on H2 nobody else can hold what looks held. */
  @EventListener(ContextRefreshedEvent.class)
  void start() {
    if (!role.serves() || scheduler.getSchedulerState().isStarted()) {
      return;
    }
    if (!database.shared()) {
      executions.expire(Pool.IMPORTS);
    }
    scheduler.start();
  }

  /** The scheduler waits by a clock that may be set back. */
  @Scheduled(fixedDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
  void look() {
    if (scheduler.getSchedulerState().isStarted()) {
      scheduler.triggerCheckForDueExecutions();
    }
  }

  /** After the commit: before it the scheduler would look and find nothing. */
  @TransactionalEventListener(condition = "#change.state() == T(dev.onecycle.run.RunState).QUEUED")
  void queued(RunChanged change) {
    if (role.serves()) {
      scheduler.triggerCheckForDueExecutions();
    }
  }

  @Override
  public void close() {
    scheduler.stop();
  }
}
