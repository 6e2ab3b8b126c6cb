package dev.onecycle.serving.web;

import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Cursor;
import dev.onecycle.platform.http.Page;
import dev.onecycle.serving.Model;
import dev.onecycle.serving.ModelPublisher;
import dev.onecycle.serving.Models;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The routes of models: names that serve checkpoints. */
@RestController
@RequestMapping("/api/v1/models")
class ModelController {

  private final Models models;
  private final ModelPublisher publisher;
  private final ModelViews views;

  ModelController(Models models, ModelPublisher publisher, ModelViews views) {
    this.models = models;
    this.publisher = publisher;
    this.views = views;
  }

  /** Returns all models, the newest name first. */
  @GetMapping
  Page<ModelView> list(
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor) {
    Cursor from = Cursor.of(limit, cursor);
    Page<Model> part =
        from.page(
            models.findByIdLessThanOrderByIdDesc(from.before(), from.fetch()),
            Model::id,
            Function.identity());
    return new Page<>(views.brief(part.items()), part.nextCursor());
  }

  /** Returns one model with every checkpoint that it served. */
  @GetMapping("/{name}")
  ModelView get(@PathVariable String name) {
    return views.whole(models.named(name));
  }

  /**
   * Makes a name serve a checkpoint, from now on for every request: the checkpoint is loaded and
   * has passed its self-test before the name is switched.
   */
  @Answers({200, 201})
  @PutMapping("/{name}")
  ResponseEntity<ModelView> put(
      @PathVariable String name, @Valid @RequestBody ModelRequest request) {
    boolean known = models.existsByName(name);
    ModelView view = views.whole(publisher.publish(name, request.checkpoint()));
    return known
        ? ResponseEntity.ok(view)
        : ResponseEntity.created(URI.create("/api/v1/models/" + name)).body(view);
  }

  /**
   * Makes a name serve again what it served before, as if that was put; a second time is back
   * again.
   */
  @Answers(409)
  @PostMapping("/{name}/rollback")
  ModelView rollBack(@PathVariable String name) {
    return views.whole(publisher.rollBack(name));
  }

  /** Takes the name away; its checkpoint stays. */
  @DeleteMapping("/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String name) {
    publisher.withdraw(name);
  }
}
