package dev.onecycle.work.web;

import dev.onecycle.dataset.ImportSpec;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.JsonParts;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/**
 * The parts of a request that sends a dataset.
 *
 * @param csv a table of labels, or null
 */
record DatasetUpload(
    MultipartFile archive, @Nullable MultipartFile csv, @Nullable String name, ImportSpec spec) {

  /**
   * Reads them.
   *
   * @throws Failure.Invalid if there is no archive, or a part is not understood
   */
  static DatasetUpload of(MultipartHttpServletRequest request, JsonParts json) {
    MultipartFile archive = request.getFile("archive");
    if (archive == null || archive.isEmpty()) {
      throw new Failure.Invalid(
          "the part 'archive' is missing or empty", "Send -F archive=@pictures.tgz.");
    }
    MultipartFile csv = request.getFile("csv");
    ImportSpec spec =
        ImportSpec.asked(
            split(request, json), labels(request, csv, json), text(request, "nameEncoding"));
    return new DatasetUpload(archive, csv, request.getParameter("name"), spec);
  }

  private static @Nullable String text(MultipartHttpServletRequest request, String part) {
    String text = request.getParameter(part);
    return text == null || text.isBlank() ? null : text.strip();
  }

  /** {@code folders}, {@code random}, or the whole specification as JSON. */
  static @Nullable SplitSpec split(MultipartHttpServletRequest request, JsonParts json) {
    String text = text(request, "split");
    if (text == null) {
      return null;
    }
    return text.startsWith("{") ? json.read("split", text, SplitSpec.class) : SplitSpec.by(text);
  }

  /** A rule's word, or the whole rule as JSON; where a table is sent without one, that table. */
  static @Nullable LabelRule labels(
      MultipartHttpServletRequest request, @Nullable MultipartFile csv, JsonParts json) {
    String text = text(request, "labels");
    if (text == null) {
      return csv == null ? null : LabelRule.table(fileName(csv));
    }
    return text.startsWith("{") ? json.read("labels", text, LabelRule.class) : LabelRule.of(text);
  }

  /** The last part of a table's name, as one in the archive could have. */
  static String fileName(MultipartFile csv) {
    String sent = csv.getOriginalFilename();
    String name =
        sent == null
            ? ""
            : sent.substring(1 + Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')));
    return name.isBlank() || name.startsWith(".") || PicturePath.of(name).problem() != null
        ? "labels.csv"
        : name;
  }
}
