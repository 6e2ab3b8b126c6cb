package dev.onecycle.work.web;

import dev.onecycle.dataset.ImportSpec;
import dev.onecycle.dataset.Source;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.layout.LabelRule;
import org.jspecify.annotations.Nullable;

/**
 * A request to import.
 *
 * @param name to show, or null
 * @param source where the pictures come from
 * @param split or null: by folders where both exist, else random; its strategy's word alone will do
 * @param labels or null: by the folder that each picture lies in
 * @param nameEncoding of file names that are not UTF-8, or null: found out
 */
record NewDataset(
    @Nullable String name,
    @Nullable Source source,
    @Nullable SplitSpec split,
    @Nullable LabelRule labels,
    @Nullable String nameEncoding) {

  ImportSpec spec() {
    return ImportSpec.asked(split, labels, nameEncoding);
  }
}
