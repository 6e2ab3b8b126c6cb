package dev.onecycle.work.web;

import dev.onecycle.work.LearningRateWork;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a caller sends to have the learning rate swept.
 *
 * @param dataset the dataset's id
 * @param recipe a preset's name or a recipe, of which the first phase is swept
 * @param overrides values of the recipe by path, such as {@code phases[0].size}, or null
 * @param from the checkpoint whose weights are swept, or null
 * @param name what people call it; absent, "lr-find"
 */
record LearningRateRequest(
    @NotNull UUID dataset,
    @NotNull Object recipe,
    @Nullable Map<String, Object> overrides,
    @Nullable UUID from,
    String name) {

  LearningRateRequest {
    name = name == null ? LearningRateWork.KIND : name;
  }
}
