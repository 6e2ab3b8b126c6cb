package dev.onecycle.serving;

import dev.onecycle.recipe.Recipe;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of predictions.
 *
 * @param device auto (the first CUDA device, or else the processor), cpu or cuda:N
 * @param precision what networks compute in
 * @param maxRequests predictions that may be under way at the same time; more are refused
 * @param maxBatch the most views of one forward pass, unless one picture has more
 * @param maxDelay how long a pass may be held back for pictures that are being decoded
 * @param maxQueue views that may be under way at the same time; more are refused
 * @param maxPicture the largest picture file
 * @param maxPixels the largest width x height
 * @param maxPictures the most pictures of one request
 * @param maxClassifiers checkpoints that are kept in the device's memory
 * @param unloadAfter how long one stays there unused
 */
@Validated
@ConfigurationProperties("onecycle.serving")
public record ServingProperties(
    @DefaultValue("auto") String device,
    @DefaultValue("auto") Precision precision,
    @DefaultValue("32") @Min(1) @Max(10_000) int maxRequests,
    @DefaultValue("8") @Min(1) @Max(1024) int maxBatch,
    @DefaultValue("2ms") Duration maxDelay,
    @DefaultValue("128") @Min(1) @Max(100_000) int maxQueue,
    @DefaultValue("20MB") DataSize maxPicture,
    @DefaultValue("50000000") @Min(1) long maxPixels,
    @DefaultValue("32") @Min(1) @Max(128) int maxPictures,
    @DefaultValue("4") @Min(1) @Max(1000) int maxClassifiers,
    @DefaultValue("15m") Duration unloadAfter) {

  /** What networks compute in. */
  public enum Precision {
    /** What the device is fast at: int8 where that is as good as the others, and faster. */
    AUTO,
    FLOAT32,
    BFLOAT16,
    /** Where that is as good as the others; else what the device is fast at of those. */
    INT8;

    /** Returns what they compute in where it is not int8. */
    Recipe.Precision otherwise() {
      return switch (this) {
        case AUTO, INT8 -> Recipe.Precision.AUTO;
        case FLOAT32 -> Recipe.Precision.FLOAT32;
        case BFLOAT16 -> Recipe.Precision.BFLOAT16;
      };
    }
  }

  /**
   * Returns the most bytes of one request: all its pictures and a little for what is around them.
   */
  public long maxRequestBytes() {
    return (maxPicture.toBytes() + 1024) * maxPictures;
  }
}
