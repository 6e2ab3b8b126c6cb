package dev.onecycle.run;

import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.onecycle.fleet.Devices;
import dev.onecycle.fleet.ThisWorker;
import dev.onecycle.platform.Database;
import dev.onecycle.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A worker's start and its beat. */
class WorkerStartIT extends CountingServer {

  private static final String TASK = "of this test";

  @Autowired private DataSource source;
  @Autowired private Executions executions;
  @Autowired private ThisWorker worker;
  @Autowired private Devices devices;

  /** The scheduler waits until its clock says so: here it never does, as after it was set back. */
  @Test
  void looksForRunsAlsoWhereTheClockIsSetBack() {
    SettableClock clock = new SettableClock(Instant.now().truncatedTo(ChronoUnit.MICROS));
    AtomicInteger looks = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(1);
    Scheduler scheduler =
        Scheduler.create(source, Tasks.oneTime(TASK).execute((i, c) -> done.countDown()))
            .threads(1)
            .clock(clock::instant)
            .pollingInterval(Duration.ofMillis(10))
            .enablePriority()
            .addSchedulerListener(
                new AbstractSchedulerListener() {
                  @Override
                  public void onSchedulerEvent(SchedulerEventType type) {
                    if (type == SchedulerEventType.RAN_EXECUTE_DUE) {
                      looks.incrementAndGet();
                    }
                  }
                })
            .build();
    WorkerStart start =
        new WorkerStart(
            scheduler, executions, worker, devices, new Database(true), true, Duration.ofMillis(1));
    start.doStart();
    try {
      await().until(() -> looks.get() > 0);
      scheduler.scheduleIfNotExists(new TaskInstance<>(TASK, "late"), clock.instant());
      await()
          .until(
              () -> {
                start.live();
                return done.getCount() == 0;
              });
    } finally {
      scheduler.stop();
    }
  }
}
