package dev.onecycle.run;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerCustomizer;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerProperties;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.onecycle.fleet.Devices;
import dev.onecycle.fleet.Host;
import dev.onecycle.fleet.ThisWorker;
import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.platform.Database;
import dev.onecycle.platform.OnecycleProperties;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The wiring of db-scheduler as the queue of runs; its numbers are in application.yml. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class RunConfiguration {

  /** How long a run waits that could not even be failed, as without a database. */
  private static final Duration RETRY = Duration.ofSeconds(5);

  @Bean
  SchedulerName workerName(Host host) {
    return new SchedulerName.Fixed(host.worker());
  }

  @Bean
  com.github.kagkarlsson.scheduler.Clock schedulerClock(Clock clock) {
    return clock::instant;
  }

  @Bean
  Task<Void> runTask(RunWorker worker, Clock clock) {
    return Tasks.custom(Executions.TASK, Void.class)
        .onDeadExecution(worker::takeOver)
        .onFailure((done, next) -> next.reschedule(done, clock.instant().plus(RETRY)))
        .execute(worker);
  }

  /**
   * Gives it the slots' threads. It fetches a candidate for each slot: what is fetched ahead is
   * soon out of date.
   */
  @Bean
  DbSchedulerCustomizer schedulerCustomizer(
      SchedulerName name, Devices devices, DbSchedulerProperties scheduler) {
    ExecutorService slots = devices.slots();
    scheduler.setThreads(devices.slots().getMaximumPoolSize());
    return new DbSchedulerCustomizer() {
      @Override
      public Optional<SchedulerName> schedulerName() {
        return Optional.of(name);
      }

      @Override
      public Optional<ExecutorService> executorService() {
        return Optional.of(slots);
      }
    };
  }

  @Bean
  WorkerStart workerStart(
      Scheduler scheduler,
      Executions executions,
      ThisWorker worker,
      Devices devices,
      Database database,
      OnecycleProperties onecycle,
      WorkerProperties properties) {
    return new WorkerStart(
        scheduler, executions, worker, devices, database, onecycle.role(), properties.heartbeat());
  }
}
