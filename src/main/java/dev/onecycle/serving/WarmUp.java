package dev.onecycle.serving;

import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.image.decoding.PictureDecoder;
import dev.onecycle.platform.OnecycleProperties;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;

/**
 * A first prediction of every served model at start, so that no caller waits for what is loaded
 * with the first one. The service is ready when this is done, or has failed: a model that cannot be
 * loaded is no reason to stay away. Where nothing is served the decoder alone is warmed, beside
 * what else starts.
 */
@Component
class WarmUp {

  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

  private final Models models;
  private final Predictor predictor;
  private final ServingProperties properties;
  private final boolean serves;

  WarmUp(
      Models models,
      Predictor predictor,
      ServingProperties properties,
      OnecycleProperties onecycle) {
    this.models = models;
    this.predictor = predictor;
    this.properties = properties;
    this.serves = onecycle.role().serves();
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    Limit most = Limit.of(properties.maxClassifiers());
    List<UUID> served = serves ? models.latestCheckpoints(most) : List.of();
    served.forEach(this::predictOne);
    if (served.isEmpty()) {
      Thread thread = new Thread(() -> PictureDecoder.decode(picture()), "warm-up");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void predictOne(UUID checkpoint) {
    List<SentPicture> files = List.of(WarmUp::picture);
    try {
      predictor.predict(checkpoint, files, PredictionOptions.DEFAULT, () -> false);
    } catch (RuntimeException e) {
      log.warn("checkpoint {} is served and cannot predict: {}", checkpoint, e.getMessage());
    }
  }

  private static byte[] picture() {
    return PictureEncoder.jpeg(new Picture(64, 64, new byte[64 * 64 * 3]));
  }
}
