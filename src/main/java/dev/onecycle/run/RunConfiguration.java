package dev.onecycle.run;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerCustomizer;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** db-scheduler as the queue of runs; its numbers are in application.yml. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class RunConfiguration {

  /** How long a run waits that could not even be failed, as without a database. */
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** One name a JVM: a restarted process is another worker. */
  @Bean
  SchedulerName workerName() {
    String host = new SchedulerName.Hostname().getName();
    return new SchedulerName.Fixed(host + ":" + ProcessHandle.current().pid());
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

  /** In a thread of its own: the end waits for the one that asks for it. */
  @Bean
  ProcessExit processExit() {
    return code -> new Thread(() -> System.exit(code), "exit").start();
  }

  @Bean
  DbSchedulerCustomizer schedulerCustomizer(SchedulerName name, WorkerProperties properties) {
    ExecutorService slots = new WorkerSlots(properties.slots());
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
  WorkerStart workerStart(Scheduler scheduler, Executions executions, DataSource source) {
    return new WorkerStart(scheduler, executions, source);
  }
}
