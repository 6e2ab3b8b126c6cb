package dev.onecycle.work.web;

import dev.onecycle.dataset.DatasetReader;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.image.Normalization;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.training.BatchPreview;
import dev.onecycle.training.SnapshotData;
import dev.onecycle.work.StartingPoints;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What a recipe makes of a dataset's pictures before the network sees them. */
@RestController
@RequestMapping("/api/v1/datasets/{id}/batch")
class BatchController {

  /**
   * The recipe that a batch is drawn by.
   *
   * @param recipe a preset's name or a recipe
   * @param overrides values of the recipe by path, such as {@code phases[0].size}, or null
   * @param from the checkpoint that a run would start from, or null
   */
  record BatchRequest(
      @NotNull Object recipe, @Nullable Map<String, Object> overrides, @Nullable UUID from) {}

  private final DatasetReader reader;
  private final StartingPoints startingPoints;

  BatchController(DatasetReader reader, StartingPoints startingPoints) {
    this.reader = reader;
    this.startingPoints = startingPoints;
  }

  /**
   * The first training batch of a phase, as a run with this recipe and seed would draw it: a sheet
   * of its first pictures with their labels, or as JSON their numbers.
   *
   * @param recipe a preset's name
   * @param phase from 1
   * @param seed of the run; absent, the preset's
   * @param mixup whether pictures are blended; absent, as the preset has it
   * @param pictures how many of the batch are made and shown
   */
  @Answers(409)
  @GetMapping(produces = {MediaType.IMAGE_PNG_VALUE, MediaType.APPLICATION_JSON_VALUE})
  BatchView batch(
      @PathVariable UUID id,
      @RequestParam(defaultValue = "normalized") String recipe,
      @RequestParam(defaultValue = "1") int phase,
      @RequestParam(required = false) @Nullable Long seed,
      @RequestParam(required = false) @Nullable Boolean mixup,
      @RequestParam(defaultValue = "16") @Min(1) @Max(64) int pictures)
      throws IOException {
    return view(id, recipe, resolved(recipe, seed, mixup), null, phase, pictures);
  }

  /**
   * As the route above, of a whole recipe: what a run of it would see.
   *
   * @param phase from 1
   * @param pictures how many of the batch are made and shown
   */
  @Answers(409)
  @PostMapping(produces = {MediaType.IMAGE_PNG_VALUE, MediaType.APPLICATION_JSON_VALUE})
  BatchView batch(
      @PathVariable UUID id,
      @Valid @RequestBody BatchRequest request,
      @RequestParam(defaultValue = "1") int phase,
      @RequestParam(defaultValue = "16") @Min(1) @Max(64) int pictures)
      throws IOException {
    String name = request.recipe() instanceof String preset ? preset : "recipe";
    Recipe recipe = startingPoints.recipe(request.recipe(), request.overrides(), request.from());
    return view(id, name, recipe, request.from(), phase, pictures);
  }

  /** Without a checkpoint, a recipe that normalises as one was gets ImageNet's: they look alike. */
  private BatchView view(
      UUID id, String name, Recipe recipe, @Nullable UUID from, int phase, int pictures)
      throws IOException {
    Normalization start =
        from == null ? Normalization.imagenet() : startingPoints.normalization(from);
    try (DatasetSnapshot dataset = reader.browse(id)) {
      SnapshotData data = new SnapshotData(dataset, dataset.all(), recipe, start);
      return BatchView.of(name, recipe, phase, BatchPreview.of(recipe, data, phase, pictures));
    }
  }

  private static Recipe resolved(String preset, @Nullable Long seed, @Nullable Boolean mixup) {
    Map<String, Object> overrides = new HashMap<>();
    if (seed != null) {
      overrides.put("seed", seed);
    }
    boolean blends = RecipeReader.read(preset, null).mixup() != null;
    if (mixup != null && mixup != blends) {
      overrides.put("mixup", mixup ? Map.of() : null);
    }
    return RecipeReader.read(preset, overrides);
  }
}
