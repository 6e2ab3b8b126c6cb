package dev.onecycle.checkpoint;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of checkpoints.
 *
 * @param maxUpload the largest weights that may be brought in; the largest network in 64 bits has
 *     480 MB
 */
@ConfigurationProperties("onecycle.checkpoint")
public record CheckpointProperties(@DefaultValue("1GB") DataSize maxUpload) {

  public CheckpointProperties {
    if (maxUpload.toBytes() < 1 || maxUpload.toBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "onecycle.checkpoint.max-upload is " + maxUpload + ", allowed are 1B to 2047MB");
    }
  }
}
