package dev.onecycle.run;

import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.training.TrainingPlan;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How long epochs took so far, as a guess at how long others will. */
@Component
class Experience {

  /** Older epochs than these many do not count. */
  private static final Limit LOOK_BACK = Limit.of(500);

  /** Validation is a forward pass, about a third of a training step, which goes back as well. */
  private static final double VALIDATION_COST = 1 / 3.0;

  private final RunEpochs epochs;
  private final JsonMapper mapper;

  Experience(RunEpochs epochs, JsonMapper mapper) {
    this.epochs = epochs;
    this.mapper = mapper;
  }

  /** An epoch's speed and what it depends on. */
  private record Known(
      String architecture, String precision, int size, String device, double imagesPerSecond) {}

  /**
   * Per phase the median speed of earlier epochs of the same architecture, precision and picture
   * size on the device of the latest of them; null if a phase has none.
   */
  TimeEstimate estimate(Recipe recipe, TrainingPlan plan, int validPictures) {
    JsonNode wanted = mapper.valueToTree(recipe);
    List<Known> similar =
        epochs.latest(LOOK_BACK).stream()
            .map(this::known)
            .filter(known -> known.architecture.equals(recipe.architecture()))
            .filter(known -> known.precision.equals(wanted.get("precision").asString()))
            .toList();
    double seconds = 0;
    int used = 0;
    String device = null;
    for (int i = 0; i < recipe.phases().size(); i++) {
      Phase phase = recipe.phases().get(i);
      List<Known> same = similar.stream().filter(known -> known.size == phase.size()).toList();
      if (same.isEmpty()) {
        return null;
      }
      String latest = device == null ? same.get(0).device : device;
      double[] speeds =
          same.stream()
              .filter(known -> known.device.equals(latest))
              .mapToDouble(Known::imagesPerSecond)
              .sorted()
              .toArray();
      if (speeds.length == 0) {
        return null;
      }
      device = latest;
      used += speeds.length;
      double pictures =
          (double) plan.stepsPerEpoch().get(i) * phase.batchSize()
              + VALIDATION_COST * validPictures;
      seconds += phase.totalEpochs() * pictures / speeds[speeds.length / 2];
    }
    return new TimeEstimate(seconds, device, used);
  }

  private Known known(PastEpoch epoch) {
    JsonNode recipe = mapper.readTree(epoch.recipe());
    return new Known(
        recipe.path("architecture").asString(""),
        recipe.path("precision").asString(""),
        recipe.at("/phases/" + (epoch.result().phase() - 1) + "/size").asInt(0),
        epoch.device() == null ? "" : epoch.device(),
        epoch.result().imagesPerSecond());
  }
}
