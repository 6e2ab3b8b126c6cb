package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.dataset.pixels.PackPreview;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.layout.Layout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an import would understand a source, by the names of its files alone.
 *
 * @param pictures that have a label
 * @param split with its strategy decided
 * @param labels with the pictures in each part, if all of them can be read
 * @param problem why the import would fail, or null
 * @param fix what to do about that, or null
 */
public record DatasetLook(
    int pictures,
    SplitSpec split,
    List<LabelCount> labels,
    Layout layout,
    @Nullable String problem,
    @Nullable String fix) {

  static DatasetLook of(PackPreview preview, SplitSpec split) {
    PackPreview.Preview found = preview.finish(split);
    return new DatasetLook(
        found.pictures(),
        found.split(),
        found.labels(),
        found.layout(),
        found.problem() == null ? null : found.problem().getMessage(),
        found.problem() == null ? null : found.problem().fix());
  }
}
