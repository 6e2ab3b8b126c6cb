package dev.onecycle.checkpoint;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of checkpoints.
 *
 * @param maxUpload the largest weights that may be brought in; the largest network in 64 bits has
 *     480 MB
 * @param maxDownloadTime how long a download of weights may take
 */
@ConfigurationProperties("onecycle.checkpoint")
public record CheckpointProperties(
    @DefaultValue("1GB") DataSize maxUpload, @DefaultValue("10m") Duration maxDownloadTime) {

  public CheckpointProperties {
    if (maxUpload.toBytes() < 1 || maxUpload.toBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "onecycle.checkpoint.max-upload is " + maxUpload + ", allowed are 1B to 2047MB");
    }
    if (maxDownloadTime.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "onecycle.checkpoint.max-download-time is " + maxDownloadTime + " < 1 s");
    }
  }
}
