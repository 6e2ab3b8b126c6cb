package dev.onecycle.serving.web;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.serving.Model;
import dev.onecycle.serving.ServedCheckpoint;
import dev.onecycle.serving.web.ModelView.ServedView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Models as they are shown, with what is known of their checkpoints. */
@Component
class ModelViews {

  private final Checkpoints checkpoints;

  ModelViews(Checkpoints checkpoints) {
    this.checkpoints = checkpoints;
  }

  /** A part of a list, without histories. */
  List<ModelView> brief(List<Model> models) {
    Map<UUID, Checkpoint> kept = kept(models.stream().map(Model::checkpointId).toList());
    return models.stream()
        .map(model -> ModelView.of(model, kept.get(model.checkpointId()), null))
        .toList();
  }

  /** One model with every checkpoint that it served. */
  ModelView whole(Model model) {
    List<ServedCheckpoint> served = new ArrayList<>(model.history());
    Collections.reverse(served);
    Map<UUID, Checkpoint> kept = kept(served.stream().map(ServedCheckpoint::checkpointId).toList());
    return ModelView.of(
        model,
        kept.get(model.checkpointId()),
        served.stream()
            .map(s -> ServedView.of(s.checkpointId(), s.since(), kept.get(s.checkpointId())))
            .toList());
  }

  private Map<UUID, Checkpoint> kept(Collection<UUID> ids) {
    return checkpoints.findAllById(ids.stream().distinct().toList()).stream()
        .collect(Collectors.toMap(Checkpoint::id, Function.identity()));
  }
}
