package dev.onecycle.dataset.web;

import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.DatasetReader;
import dev.onecycle.dataset.DatasetVersions;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.LabelEdit;
import dev.onecycle.dataset.pixels.PackedPicture;
import dev.onecycle.dataset.pixels.Relabelling;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.LabelName;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Idempotency;
import dev.onecycle.platform.http.Page;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Labels put right: the versions of a dataset, and what differs between them. */
@RestController
@RequestMapping("/api/v1/datasets/{id}")
class VersionController {

  private static final int LONGEST_REASON = 1_000;

  private final Datasets datasets;
  private final DatasetVersions versions;
  private final DatasetReader reader;
  private final Idempotency idempotency;

  VersionController(
      Datasets datasets, DatasetVersions versions, DatasetReader reader, Idempotency idempotency) {
    this.datasets = datasets;
    this.versions = versions;
    this.reader = reader;
    this.idempotency = idempotency;
  }

  /**
   * What to put right.
   *
   * @param edits 1 to 10,000, of a picture each
   * @param reason a line of up to 1,000 characters
   */
  record LabelsRequest(@Nullable List<LabelEdit> edits, @Nullable String reason) {}

  /** What makes two requests the same. */
  private record Asked(UUID dataset, LabelsRequest request) {}

  /**
   * Makes a new version of a dataset with labels put right, which is a dataset of its own; this one
   * stays as it is. All edits are done, or none.
   */
  @Answers({201, 409})
  @PatchMapping("/labels")
  ResponseEntity<DatasetView> relabel(
      @PathVariable UUID id,
      @RequestBody LabelsRequest request,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    DatasetVersions.Draft draft =
        versions.draft(id, edits(request.edits()), reason(request.reason()));
    UUID made = idempotency.once(key, "labels", new Asked(id, request), () -> versions.keep(draft));
    return ResponseEntity.created(URI.create("/api/v1/datasets/" + made))
        .body(DatasetView.of(datasets.required(made)));
  }

  private static List<LabelEdit> edits(@Nullable List<LabelEdit> edits) {
    int count = edits == null ? 0 : edits.size();
    if (edits == null || count == 0 || count > Relabelling.MOST) {
      String message =
          count == 0 ? "must not be empty" : count + " edits > maximum " + Relabelling.MOST;
      throw Failure.Invalid.field("edits", message, count, Relabelling.MOST);
    }
    return edits;
  }

  private static String reason(@Nullable String reason) {
    String problem = null;
    if (reason == null || reason.isBlank()) {
      problem = "is missing: say in a line why";
    } else if (reason.length() > LONGEST_REASON) {
      problem = reason.length() + " characters > maximum " + LONGEST_REASON;
    } else if (!LabelName.harmless(reason)) {
      problem = "has control characters";
    }
    if (problem != null) {
      throw Failure.Invalid.field("reason", problem, null, LONGEST_REASON);
    }
    return Objects.requireNonNull(reason);
  }

  /**
   * All versions of the dataset's pictures, this one among them, the first one first.
   *
   * @param cursor the number of the version that they come after
   */
  @GetMapping("/versions")
  Page<DatasetView> list(
      @PathVariable UUID id,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit,
      @RequestParam(defaultValue = "0") @Min(0) int cursor) {
    Dataset dataset = datasets.required(id);
    List<Dataset> found = datasets.versions(dataset.first(), cursor, Limit.of(limit + 1));
    List<Dataset> shown = found.subList(0, Math.min(limit, found.size()));
    return new Page<>(
        shown.stream().map(DatasetView::of).toList(),
        found.size() > limit ? Integer.toString(shown.get(limit - 1).version().number()) : null);
  }

  /**
   * A picture that two versions say something else of.
   *
   * @param picture its number in both
   * @param image where it can be seen
   * @param before its label in the other version; null for none
   * @param after its label in this one; null where it was dropped
   */
  record LabelChange(
      int picture, String image, String path, @Nullable String before, @Nullable String after) {}

  /**
   * The pictures whose labels are others than in another version, by number.
   *
   * @param since the other version; absent, the one that this one was made of
   * @param cursor the number of the first picture to look at
   */
  @Answers(409)
  @GetMapping("/changes")
  Page<LabelChange> changes(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable UUID since,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit,
      @RequestParam(defaultValue = "0") @Min(0) int cursor)
      throws IOException {
    Dataset dataset = datasets.required(id);
    UUID other = since == null ? dataset.version().base() : since;
    if (other == null) {
      String message = "is missing: version 1 was made of no other";
      throw Failure.Invalid.field("since", message, null, null);
    }
    if (!datasets.required(other).first().equals(dataset.first())) {
      throw Failure.Invalid.field("since", "is no version of the same pictures", other, null);
    }
    try (DatasetSnapshot before = reader.browse(other);
        DatasetSnapshot after = reader.browse(id)) {
      return changes(id, before, after, limit, cursor);
    }
  }

  private static Page<LabelChange> changes(
      UUID id, DatasetSnapshot before, DatasetSnapshot after, int limit, int cursor) {
    List<LabelChange> changes = new ArrayList<>();
    for (int i = cursor; i < after.all().size(); i++) {
      PackedPicture picture = after.all().index().get(i);
      String old = before.all().index().get(i).label();
      if (Objects.equals(old, picture.label())) {
        continue;
      }
      if (changes.size() == limit) {
        return new Page<>(changes, Integer.toString(i));
      }
      String image = "/api/v1/datasets/" + id + "/images/" + i;
      changes.add(new LabelChange(i, image, picture.path(), old, picture.label()));
    }
    return new Page<>(changes, null);
  }
}
