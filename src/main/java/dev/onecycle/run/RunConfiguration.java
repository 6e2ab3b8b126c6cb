package dev.onecycle.run;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerConfigurationSupport;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerCustomizer;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerProperties;
import com.github.kagkarlsson.scheduler.stats.StatsRegistry;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.onecycle.dataset.DatasetProperties;
import dev.onecycle.fleet.Devices;
import dev.onecycle.fleet.Host;
import dev.onecycle.fleet.ThisWorker;
import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.fleet.WorkerSlots;
import dev.onecycle.platform.Database;
import dev.onecycle.platform.Loop;
import dev.onecycle.platform.OnecycleProperties;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import javax.sql.DataSource;
import org.springframework.beans.BeanUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The wiring of db-scheduler as the queues of runs; its numbers are in application.yml. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class RunConfiguration {

  /** Such as fetching a dataset from a remote store, or listing one. */
  private static final Duration LONGEST_STEP = Duration.ofHours(1);

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
    return task(Pool.DEVICES, worker, clock);
  }

  private static Task<Void> task(Pool pool, RunWorker worker, Clock clock) {
    return Tasks.custom(pool.task(), Void.class)
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
    scheduler.setThreads(devices.slots().getMaximumPoolSize());
    return customizer(name, devices.slots());
  }

  private static DbSchedulerCustomizer customizer(SchedulerName name, ExecutorService slots) {
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

  /** The starter hands it to the scheduler that it makes. */
  @Bean
  Schedulers.Turns turns() {
    return new Schedulers.Turns();
  }

  @Bean
  Loop runQueueLoop(Schedulers.Turns turns, Scheduler devices) {
    return Loop.of("run-queue", Duration.ZERO, () -> turns.silence(devices));
  }

  @Bean
  Loop importQueueLoop(ImportSlots imports) {
    return Loop.of("import-queue", Duration.ZERO, imports::silence);
  }

  @Bean
  Loop runLoop(RunWorker worker) {
    return Loop.of("runs", LONGEST_STEP, worker::silence);
  }

  @Bean
  Loop orphansLoop(Orphans orphans) {
    return Loop.of("orphans", LONGEST_STEP, orphans::looking);
  }

  /**
   * No bean of type Scheduler or Task: the starter would hand both to the one scheduler that it
   * makes, and a scheduler deletes executions of tasks that it does not know.
   */
  @Bean
  ImportSlots importSlots(
      DataSource source,
      DbSchedulerProperties ofWorkers,
      SchedulerName name,
      StatsRegistry statistics,
      RunWorker worker,
      Clock clock,
      DatasetProperties datasets,
      Executions executions,
      Database database,
      OnecycleProperties onecycle) {
    Schedulers.Turns turns = new Schedulers.Turns();
    DbSchedulerProperties properties = new DbSchedulerProperties();
    BeanUtils.copyProperties(ofWorkers, properties);
    properties.setTableName(Pool.IMPORTS.table());
    properties.setThreads(datasets.imports());
    Scheduler scheduler =
        DbSchedulerConfigurationSupport.buildScheduler(
            properties,
            customizer(name, new WorkerSlots("import-slot-", datasets.imports())),
            statistics,
            schedulerClock(clock),
            source,
            List.of(task(Pool.IMPORTS, worker, clock)),
            List.of(turns),
            List.of());
    return new ImportSlots(scheduler, turns, executions, database, onecycle.role());
  }

  @Bean
  Schedulers schedulers(Scheduler devices, ImportSlots imports) {
    return new Schedulers(Map.of(Pool.DEVICES, devices, Pool.IMPORTS, imports.scheduler()));
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
        scheduler,
        executions,
        worker,
        devices,
        database,
        onecycle.role().works(),
        properties.heartbeat());
  }
}
