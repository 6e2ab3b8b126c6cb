package dev.onecycle.serving;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** How many predictions, how they ended and where their time went. */
@Component
public class PredictionMetrics {

  private static final String PREFIX = "onecycle.prediction.";

  private final MeterRegistry registry;
  private final Timer decode;
  private final Timer views;
  private final Timer queue;
  private final Timer inference;
  private final DistributionSummary batchSize;

  PredictionMetrics(MeterRegistry registry) {
    this.registry = registry;
    decode = timer("decode", "bytes to pixels");
    views = timer("views", "pixels to the network's input");
    queue = timer("queue", "waiting for the device");
    inference = timer("inference", "forward passes");
    batchSize =
        DistributionSummary.builder(PREFIX + "batch.size")
            .description("views of a forward pass")
            .register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(PREFIX + name)
        .description(description)
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofMillis(1))
        .maximumExpectedValue(Duration.ofSeconds(30))
        .register(registry);
  }

  void answered(Duration decoding, Duration viewing, Classifier.Answer answer, int batch) {
    decode.record(decoding);
    views.record(viewing);
    queue.record(answer.queued());
    inference.record(answer.inference());
    batchSize.record(batch);
  }

  /**
   * Counts a request.
   *
   * @param model a model's name, or {@code none}; never what a caller made up
   * @param outcome one of a few words
   */
  public void request(String model, String outcome) {
    registry.counter(PREFIX + "requests", "model", model, "outcome", outcome).increment();
  }
}
