package dev.onecycle.run;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of this process's worker.
 *
 * @param slots how many runs it works on at the same time: one a device
 * @param dataThreads how many threads make a run's pictures ready; 0 for one a core
 * @param ttaMenuPictures how many validation pictures an evaluation's menu of test-time
 *     augmentation looks at, at most: ten times each
 * @param resumeEvery how much training inside an epoch a worker that is lost takes with it, at most
 */
@Validated
@ConfigurationProperties("onecycle.worker")
public record WorkerProperties(
    @DefaultValue("1") @Min(1) @Max(64) int slots,
    @DefaultValue("0") @Min(0) @Max(256) int dataThreads,
    @DefaultValue("1000") @Min(1) int ttaMenuPictures,
    @DefaultValue("5m") Duration resumeEvery) {

  public WorkerProperties {
    if (resumeEvery.isNegative()) {
      throw new IllegalArgumentException(
          "onecycle.worker.resume-every is negative: " + resumeEvery);
    }
    dataThreads = dataThreads == 0 ? Runtime.getRuntime().availableProcessors() : dataThreads;
  }
}
