package dev.onecycle.platform;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.scheduling.config.IntervalTask;
import org.springframework.scheduling.config.ScheduledTask;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.scheduling.config.Task;
import org.springframework.stereotype.Component;

/** The loops that are methods which Spring calls again and again: all of them, none by name. */
@Component
class ScheduledLoops {

  private final ObjectProvider<ScheduledTaskHolder> holders;
  private final Clock machine;

  /**
   * @param machine the clock that Spring notes the calls by
   */
  ScheduledLoops(
      ObjectProvider<ScheduledTaskHolder> holders, @Qualifier("machineClock") Clock machine) {
    this.holders = holders;
    this.machine = machine;
  }

  List<Loop> all() {
    return holders.stream()
        .flatMap(holder -> holder.getScheduledTasks().stream())
        .map(ScheduledTask::getTask)
        .<Loop>map(task -> new Called(task, machine))
        .toList();
  }

  /** A method, such as {@code RunNotifier.poll}. It turns when a call begins. */
  private record Called(Task task, Clock machine) implements Loop {

    @Override
    public String name() {
      return task.toString().replaceFirst("^([a-z_0-9]+\\.)*", "");
    }

    @Override
    public Duration silence() {
      Instant begun = task.getLastExecutionOutcome().executionTime();
      Instant now = machine.instant();
      return begun == null || begun.isAfter(now) ? Duration.ZERO : Duration.between(begun, now);
    }

    @Override
    public Duration rhythm() {
      return task instanceof IntervalTask interval ? interval.getIntervalDuration() : Duration.ZERO;
    }
  }
}
