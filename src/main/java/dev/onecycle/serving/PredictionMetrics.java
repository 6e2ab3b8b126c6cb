package dev.onecycle.serving;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** The counts of predictions, of how they ended, and of where their time went. */
@Component
public class PredictionMetrics {

  private static final String PREFIX = "onecycle.prediction.";
  private static final int MOST_MODELS = 100;
  private static final double[] BATCHES = {1, 2, 4, 8, 16, 32, 64};

  private final MeterRegistry registry;
  private final Timer decode;
  private final Timer views;
  private final Timer queue;
  private final Timer inference;
  private final DistributionSummary batchSize;
  private final Set<String> models = ConcurrentHashMap.newKeySet();

  PredictionMetrics(MeterRegistry registry) {
    this.registry = registry;
    decode = timer("decode", "bytes of a picture to pixels");
    views = timer("views", "pixels of a picture to the network's input");
    queue = timer("queue", "waiting of a picture for the device");
    inference = timer("inference", "forward passes");
    batchSize =
        DistributionSummary.builder(PREFIX + "batch.size")
            .description("views of a forward pass")
            .serviceLevelObjectives(BATCHES)
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

  /** Shows how many views are on their way to the device or on it. */
  void queueDepth(Supplier<Number> depth) {
    gauge("queue.depth", "views booked: being made, waiting or computed", depth);
  }

  /** Shows how many classifiers are in the device's memory. */
  void classifiers(Supplier<Number> loaded) {
    gauge("classifiers", "checkpoints in the device's memory", loaded);
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(PREFIX + name, value).description(description).register(registry);
  }

  void prepared(Duration decoding, Duration viewing) {
    decode.record(decoding);
    views.record(viewing);
  }

  void queued(Duration waiting) {
    queue.record(waiting);
  }

  void passed(Duration computing, int views) {
    inference.record(computing);
    batchSize.record(views);
  }

  /**
   * Counts a request.
   *
   * @param model a model's name, or {@code none}; never what a caller made up. Of more than {@value
   *     #MOST_MODELS} since the start the rest is {@code other}: models come and go
   * @param outcome one of a few words
   */
  public void request(String model, String outcome) {
    String label = models.size() < MOST_MODELS || models.contains(model) ? model : "other";
    models.add(label);
    registry.counter(PREFIX + "requests", "model", label, "outcome", outcome).increment();
  }
}
