package dev.onecycle.run;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of runs.
 *
 * @param maxAttempts how often a run may lose its worker before it fails
 * @param maxStreams how many clients may follow events at the same time
 * @param keep which of a training run's checkpoints stay
 * @param keepAlive how long a stream of events may be silent before it shows that it lives
 */
@Validated
@ConfigurationProperties("onecycle.run")
public record RunProperties(
    @DefaultValue("3") @Min(1) @Max(100) int maxAttempts,
    @DefaultValue("64") @Min(1) @Max(150) int maxStreams,
    @DefaultValue("best-and-last") Retention keep,
    @DefaultValue("15s") Duration keepAlive) {}
