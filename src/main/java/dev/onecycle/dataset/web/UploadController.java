package dev.onecycle.dataset.web;

import dev.onecycle.dataset.DatasetIntake;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Idempotency;
import dev.onecycle.platform.http.JsonParts;
import dev.onecycle.store.Checksum;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** Datasets that are sent as an archive: streamed to the disk, never held in memory. */
@RestController
@RequestMapping("/api/v1/datasets")
class UploadController {

  private final Datasets datasets;
  private final DatasetIntake intake;
  private final Idempotency idempotency;
  private final DiskSpace space;
  private final JsonParts json;

  UploadController(
      Datasets datasets,
      DatasetIntake intake,
      Idempotency idempotency,
      DiskSpace space,
      JsonParts json) {
    this.datasets = datasets;
    this.intake = intake;
    this.idempotency = idempotency;
    this.space = space;
    this.json = json;
  }

  /** What makes two uploads the same. */
  private record Sent(String name, String fileName, SplitSpec split, String sha256) {}

  /** Takes the parts {@code archive}, {@code name} and {@code split}; then as for JSON. */
  @Answers({202, 413, 415})
  @PostMapping(consumes = "multipart/form-data")
  ResponseEntity<DatasetView> create(
      @RequestHeader(name = "Idempotency-Key", required = false) String key,
      MultipartHttpServletRequest request)
      throws IOException {
    space.require(intake.uploads(), Math.max(0, request.getContentLengthLong()));
    MultipartFile archive = request.getFile("archive");
    if (archive == null || archive.isEmpty()) {
      throw new Failure.Invalid(
          "the part 'archive' is missing or empty", "Send -F archive=@pictures.tgz.");
    }
    String name = request.getParameter("name");
    SplitSpec split = split(request.getParameter("split"));
    String file = UUID.randomUUID().toString();
    Path kept = intake.uploads().resolve(file);
    String sentAs = archive.getOriginalFilename();
    // By name, not by path: the servlet container then renames its file instead of copying it.
    archive.transferTo(kept.toFile());
    boolean taken = false;
    try {
      Sent sent = new Sent(name, sentAs, split, key == null ? null : sha256(kept));
      UUID id =
          idempotency.once(
              key, "datasets", sent, () -> intake.submitUpload(name, sentAs, file, split));
      taken = intake.waits(id, file);
      return DatasetController.accepted(datasets.required(id));
    } finally {
      if (!taken) {
        Files.deleteIfExists(kept);
      }
    }
  }

  /** {@code folders}, {@code random}, or the whole specification as JSON. */
  private SplitSpec split(String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    return text.strip().startsWith("{")
        ? json.read("split", text, SplitSpec.class)
        : SplitSpec.by(text);
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      return Checksum.of("upload", bytes).sha256();
    }
  }
}
