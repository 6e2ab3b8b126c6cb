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
 */
@Validated
@ConfigurationProperties("onecycle.worker")
public record WorkerProperties(@DefaultValue("1") @Min(1) @Max(64) int slots) {}
