package dev.onecycle.serving.web;

import dev.onecycle.serving.Model;
import dev.onecycle.serving.Served;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A model as it is shown.
 *
 * @param updatedAt since when it serves this checkpoint
 * @param history newest first; null in lists
 */
record ModelView(
    String name, UUID checkpoint, Instant updatedAt, @Nullable List<ServedView> history) {

  /** A checkpoint that was served, and since when. */
  record ServedView(UUID checkpoint, Instant since) {
    static ServedView of(Served served) {
      return new ServedView(served.checkpointId(), served.since());
    }
  }

  static ModelView brief(Model model) {
    return new ModelView(model.name(), model.checkpointId(), model.updatedAt(), null);
  }

  static ModelView whole(Model model) {
    List<ServedView> history =
        new ArrayList<>(model.history().stream().map(ServedView::of).toList());
    Collections.reverse(history);
    return new ModelView(model.name(), model.checkpointId(), model.updatedAt(), history);
  }
}
