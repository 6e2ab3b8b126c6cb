package dev.onecycle.serving.web;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.serving.Model;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A model as it is shown.
 *
 * @param updatedAt since when it serves this checkpoint
 * @param labels how many it tells apart
 * @param accuracy of the checkpoint when it was made, 0 to 1; null for one from elsewhere
 * @param run that made the checkpoint; null for one from elsewhere
 * @param history newest first; null in lists
 */
record ModelView(
    String name,
    UUID checkpoint,
    Instant updatedAt,
    @Nullable Integer labels,
    @Nullable Double accuracy,
    @Nullable UUID run,
    @Nullable List<ServedView> history) {

  /**
   * A checkpoint that was served, and since when; the rest as in {@link ModelView}, and null once
   * the checkpoint is deleted.
   */
  record ServedView(
      UUID checkpoint,
      Instant since,
      @Nullable Integer labels,
      @Nullable Double accuracy,
      @Nullable UUID run) {

    static ServedView of(UUID id, Instant since, @Nullable Checkpoint kept) {
      if (kept == null) {
        return new ServedView(id, since, null, null, null);
      }
      var manifest = kept.manifest();
      return new ServedView(
          id,
          since,
          manifest.labels().size(),
          manifest.metrics() == null ? null : manifest.metrics().accuracy(),
          manifest.origin() == null ? null : manifest.origin().run());
    }
  }

  static ModelView of(Model model, @Nullable Checkpoint kept, @Nullable List<ServedView> history) {
    ServedView now = ServedView.of(model.checkpointId(), model.updatedAt(), kept);
    return new ModelView(
        model.name(),
        model.checkpointId(),
        model.updatedAt(),
        now.labels(),
        now.accuracy(),
        now.run(),
        history);
  }
}
