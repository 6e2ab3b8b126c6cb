package dev.onecycle.work.web;

import dev.onecycle.dataset.DatasetIntake;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.SourcePacker;
import dev.onecycle.dataset.pixels.Sightings;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.dataset.web.DatasetView;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.JsonParts;
import dev.onecycle.work.Imports;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** Datasets that are called or understood otherwise. */
@RestController
@RequestMapping("/api/v1/datasets/{id}")
class DatasetEditController {

  private final Datasets datasets;
  private final DatasetIntake intake;
  private final Imports imports;
  private final ReceivedFiles files;
  private final JsonParts json;

  DatasetEditController(
      Datasets datasets,
      DatasetIntake intake,
      Imports imports,
      ReceivedFiles files,
      JsonParts json) {
    this.datasets = datasets;
    this.intake = intake;
    this.imports = imports;
    this.files = files;
    this.json = json;
  }

  /**
   * What to change of a dataset; null: nothing.
   *
   * @param labels where they are read from
   */
  record DatasetEdit(
      @Nullable String name, @Nullable LabelRule labels, @Nullable SplitSpec split) {}

  /**
   * Gives it another name, or understands its pictures by other rules without a second upload. It
   * stays as it is where that fails, and while a run that has not ended uses it.
   */
  @Answers(409)
  @PatchMapping(consumes = "application/json")
  DatasetView edit(@PathVariable UUID id, @RequestBody DatasetEdit edit) {
    if (edit.name() == null && edit.labels() == null && edit.split() == null) {
      throw Failure.Invalid.field("name", "must not be null, or labels or split", null, null);
    }
    return edited(id, edit, null);
  }

  /**
   * The parts of an edit that sends a table.
   *
   * @param csv a table of labels, which counts without a rule
   * @param labels as in JSON, or its word alone
   * @param split as in JSON, or its strategy's word alone
   */
  record DatasetEditParts(
      @Schema(types = "string", format = "binary") Object csv,
      String name,
      String labels,
      String split) {}

  /**
   * Takes the parts {@code csv}, a table of labels, {@code name}, {@code labels} and {@code split};
   * then as for JSON. The table is kept with the dataset, in the place of one that was sent so
   * before.
   */
  @Answers({409, 413})
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "multipart/form-data",
              schema =
                  @Schema(implementation = DatasetEditParts.class, requiredProperties = "csv")))
  @PatchMapping(consumes = "multipart/form-data")
  DatasetView edit(@PathVariable UUID id, MultipartHttpServletRequest request) throws IOException {
    requireSize(request.getContentLengthLong(), Sightings.MOST_TABLE_BYTES + JsonParts.MOST_BYTES);
    datasets.required(id);
    files.requireRoom(request.getContentLengthLong());
    MultipartFile csv = request.getFile("csv");
    if (csv == null || csv.isEmpty()) {
      throw new Failure.Invalid(
          "the part 'csv' is missing or empty",
          "Send -F csv=@labels.csv, or JSON where there is no table to send.");
    }
    requireSize(csv.getSize(), Sightings.MOST_TABLE_BYTES);
    DatasetEdit edit =
        new DatasetEdit(
            request.getParameter("name"),
            DatasetUpload.labels(request, csv, json),
            DatasetUpload.split(request, json));
    try (TemporaryFile file = files.file(csv)) {
      PicturePath name = PicturePath.of(DatasetUpload.fileName(csv));
      return edited(id, edit, new SourcePacker.Table(file.path(), name));
    }
  }

  private static void requireSize(long bytes, long most) {
    if (bytes > most) {
      throw new Failure.TooLarge(
          "a table of labels of %d bytes > maximum %d".formatted(bytes, most),
          "Send the columns that are needed, the pictures' names and their labels.");
    }
  }

  private DatasetView edited(UUID id, DatasetEdit edit, SourcePacker.@Nullable Table table) {
    SplitSpec split = edit.split();
    if (edit.labels() != null || split != null) {
      imports.reread(id, edit.labels(), split == null ? null : split.asked(), table);
    }
    if (edit.name() != null) {
      intake.rename(id, edit.name());
    }
    return DatasetView.of(datasets.required(id));
  }
}
