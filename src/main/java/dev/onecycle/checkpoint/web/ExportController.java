package dev.onecycle.checkpoint.web;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.export.HubFolder;
import dev.onecycle.checkpoint.export.OnnxModel;
import dev.onecycle.checkpoint.format.SafetensorsReader;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.platform.TemporaryFiles;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.FileAnswer;
import dev.onecycle.store.DiskSpace;
import io.swagger.v3.oas.annotations.Parameter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The routes by which checkpoints leave in the forms of others, made anew each time. */
@RestController
@RequestMapping("/api/v1/checkpoints/{id}")
class ExportController {

  /** Part of the tags: of what is made in another way from now on, the next number. */
  private static final int EDITION = 1;

  private final CheckpointStore store;
  private final TemporaryFiles temporary;
  private final DiskSpace space;

  /** Held by whoever makes a file: one at a time, so that weights do not fill the heap. */
  private final Lock oneExports = new ReentrantLock();

  ExportController(CheckpointStore store, TemporaryFiles temporary, DiskSpace space) {
    this.store = store;
    this.temporary = temporary;
    this.space = space;
  }

  /** Writes what is exported. */
  private interface Export {
    void write(OutputStream out) throws IOException;
  }

  /**
   * Returns the checkpoint as an ONNX model of opset 18, for any number of pictures at a time; the
   * same bytes whenever it is asked for. Its outputs are {@code logits} and {@code probabilities},
   * and labels, size and normalisation are in its metadata.
   *
   * @param normalize whether its input {@code pixels} [n, 3, S, S] is in 0 to 1; else it is
   *     normalised already
   * @param resize whether its input is {@code picture} [n, height, width, 3] uint8 of any size, of
   *     which it resizes the middle square: nearly, but not quite, as the service does
   * @param labels whether it answers the best of them, too
   */
  @Answers({200, 206, 304, 409, 412, 416})
  @GetMapping(path = "/onnx", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  ResponseEntity<Resource> onnx(
      @PathVariable UUID id,
      @RequestParam(defaultValue = "false") boolean normalize,
      @RequestParam(defaultValue = "false") boolean resize,
      @RequestParam(defaultValue = "false") boolean labels,
      @Parameter(hidden = true) @RequestHeader HttpHeaders request) {
    Checkpoint checkpoint = store.get(id);
    Manifest manifest = checkpoint.manifest();
    if (manifest.isBody()) {
      throw new Failure.Conflict(
          "checkpoint " + id + " is a body: without labels it answers nothing",
          "Train from it, and export what that makes; its weights alone are at /weights.");
    }
    OnnxModel.Options options = new OnnxModel.Options(normalize, resize, labels);
    String kind = "onnx" + (normalize ? "-n" : "") + (resize ? "-r" : "") + (labels ? "-l" : "");
    return answer(
        request,
        checkpoint,
        kind,
        ".onnx",
        out -> {
          Map<String, float[]> weights = store.load(id).state().values();
          new OnnxModel(manifest, options, weights::get).write(out);
        });
  }

  /**
   * Returns the checkpoint as a folder of the Hugging Face hub, zipped: {@code model.safetensors}
   * by timm's names, the {@code config.json} that {@code timm.create_model} reads, and a model card
   * with metrics, labels and recipe; the same bytes as long as its metrics are the same. Refused
   * where timm has no such network: it has xresnet18 to 152, plain.
   */
  @Answers({200, 206, 304, 409, 412, 416})
  @GetMapping(path = "/hub", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  ResponseEntity<Resource> hub(
      @PathVariable UUID id, @Parameter(hidden = true) @RequestHeader HttpHeaders request) {
    Checkpoint checkpoint = store.get(id);
    HubFolder folder = new HubFolder(checkpoint.manifest(), checkpoint.metrics());
    return answer(
        request,
        checkpoint,
        "hub-" + folder.mark() + "-",
        ".zip",
        out -> folder.write(SafetensorsReader.read(store.verified(checkpoint)).arrays(), out));
  }

  private ResponseEntity<Resource> answer(
      HttpHeaders request, Checkpoint checkpoint, String kind, String suffix, Export export) {
    HttpHeaders headers = new HttpHeaders();
    headers.setContentDisposition(
        ContentDisposition.attachment().filename(checkpoint.id() + suffix).build());
    headers.setContentType(MediaType.APPLICATION_OCTET_STREAM);
    String tag = '"' + checkpoint.weights().sha256() + "-" + kind + EDITION + '"';
    long about = checkpoint.weights().size();
    return new FileAnswer(request, tag).of(() -> make(suffix, about, export), headers);
  }

  private FileAnswer.Whole make(String suffix, long about, Export export) {
    oneExports.lock();
    try (TemporaryFile file = temporary.file(suffix)) {
      space.require(temporary.directory(), about);
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file.path()))) {
        export.write(out);
      }
      // The file's name goes now; its bytes go with the stream.
      InputStream bytes = Files.newInputStream(file.path());
      return new FileAnswer.Whole(new InputStreamResource(bytes), Files.size(file.path()));
    } catch (IOException e) {
      throw DiskSpace.failure("an export", e);
    } finally {
      oneExports.unlock();
    }
  }
}
