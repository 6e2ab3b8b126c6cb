package dev.onecycle.checkpoint.web;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Cursor;
import dev.onecycle.platform.http.FileAnswer;
import dev.onecycle.platform.http.Page;
import io.swagger.v3.oas.annotations.Parameter;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The routes of checkpoints and of the weights themselves. */
@RestController
@RequestMapping("/api/v1/checkpoints")
class CheckpointController {

  private final Checkpoints checkpoints;
  private final CheckpointStore store;

  CheckpointController(Checkpoints checkpoints, CheckpointStore store) {
    this.checkpoints = checkpoints;
    this.store = store;
  }

  /** Returns all checkpoints, or those of one run. */
  @GetMapping
  Page<CheckpointView> list(
      @RequestParam(required = false) @Nullable UUID run,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor) {
    Cursor from = Cursor.of(limit, cursor);
    return from.page(
        run == null
            ? checkpoints.findByIdLessThanOrderByIdDesc(from.before(), from.fetch())
            : checkpoints.findByRunIdAndIdLessThanOrderByIdDesc(run, from.before(), from.fetch()),
        Checkpoint::id,
        CheckpointView::of);
  }

  /** Returns one checkpoint: its manifest and its weights' checksum. */
  @GetMapping("/{id}")
  CheckpointView get(@PathVariable UUID id) {
    return CheckpointView.of(store.get(id));
  }

  /**
   * Returns the weights as a safetensors file that Python's {@code load_state_dict} takes
   * unchanged. Parts of it by {@code Range}; the ETag is the file's SHA-256.
   */
  @Answers({200, 206, 304, 412, 416})
  @GetMapping(path = "/{id}/weights", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  ResponseEntity<Resource> weights(
      @PathVariable UUID id, @Parameter(hidden = true) @RequestHeader HttpHeaders request) {
    Checkpoint checkpoint = store.get(id);
    String tag = '"' + checkpoint.weights().sha256() + '"';
    ContentDisposition attachment =
        ContentDisposition.attachment().filename(id + ".safetensors").build();
    HttpHeaders headers = new HttpHeaders();
    headers.setContentDisposition(attachment);
    headers.setContentType(MediaType.APPLICATION_OCTET_STREAM);
    return new FileAnswer(request, tag)
        .of(
            () ->
                new FileAnswer.Whole(
                    new FileSystemResource(store.file(checkpoint)), checkpoint.weights().size()),
            headers);
  }

  /** Deletes a checkpoint that no model uses. */
  @Answers(409)
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable UUID id) {
    store.delete(id);
  }
}
