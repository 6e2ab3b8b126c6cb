package dev.onecycle.dataset;

import dev.onecycle.dataset.layout.LabelRule;
import dev.onecycle.dataset.pixels.SplitSpec;

/**
 * How the files of a source are to be understood.
 *
 * @param labels null: by the folder that each picture lies in
 * @param nameEncoding of names that are not UTF-8; null: found out
 */
public record ImportSpec(SplitSpec split, LabelRule labels, String nameEncoding) {

  public ImportSpec {
    split = split == null ? SplitSpec.byDefault() : split;
    labels = labels == null ? LabelRule.byDefault() : labels;
    if (nameEncoding != null) {
      NameEncoding.asked(nameEncoding);
    }
  }

  /** Every choice left to what the import finds. */
  public static ImportSpec byDefault() {
    return new ImportSpec(null, null, null);
  }

  NameEncoding names() {
    return nameEncoding == null ? null : NameEncoding.asked(nameEncoding);
  }
}
