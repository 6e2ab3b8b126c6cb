package dev.onecycle.fleet;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of this process's worker.
 *
 * @param slots how many runs it works on at the same time; 0 for one a GPU, or one where there is
 *     none
 * @param heartbeat how often it shows that it is alive; after four missed heartbeats its runs and
 *     devices are others'
 * @param dataThreads how many threads make a run's pictures ready; 0 for one a core
 * @param ttaMenuPictures how many validation pictures an evaluation's menu of test-time
 *     augmentation looks at, at most: ten times each
 * @param resumeEvery how much training a worker that is lost takes with it, at most
 */
@Validated
@ConfigurationProperties("onecycle.worker")
public record WorkerProperties(
    @DefaultValue("0") @Min(0) @Max(64) int slots,
    @DefaultValue("5s") Duration heartbeat,
    @DefaultValue("0") @Min(0) @Max(256) int dataThreads,
    @DefaultValue("1000") @Min(1) int ttaMenuPictures,
    @DefaultValue("5m") Duration resumeEvery) {

  private static final Duration SHORTEST = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  public WorkerProperties {
    if (resumeEvery.isNegative()) {
      throw new IllegalArgumentException(
          "onecycle.worker.resume-every is negative: " + resumeEvery);
    }
    if (heartbeat.compareTo(SHORTEST) < 0 || heartbeat.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "onecycle.worker.heartbeat "
              + heartbeat
              + " is not within "
              + SHORTEST
              + " and "
              + LONGEST);
    }
    dataThreads = dataThreads == 0 ? Runtime.getRuntime().availableProcessors() : dataThreads;
  }

  /**
   * Returns how many runs a worker on that host works on when it has all the devices that it wants.
   */
  int slotsOn(Host host) {
    return slots == 0 ? Math.max(1, host.devices().size()) : slots;
  }
}
