package dev.onecycle.run;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of this process's worker.
 *
 * @param slots how many runs it works on at the same time: one a device
 * @param dataThreads how many threads make a run's pictures ready; 0 for one a core
 */
@Validated
@ConfigurationProperties("onecycle.worker")
public record WorkerProperties(
    @DefaultValue("1") @Min(1) @Max(64) int slots,
    @DefaultValue("0") @Min(0) @Max(256) int dataThreads) {

  public WorkerProperties {
    dataThreads = dataThreads == 0 ? Runtime.getRuntime().availableProcessors() : dataThreads;
  }
}
