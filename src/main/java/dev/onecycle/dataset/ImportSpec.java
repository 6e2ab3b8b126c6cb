package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.layout.NameEncoding;
import org.jspecify.annotations.Nullable;

/**
 * How the files of a source are to be understood.
 *
 * @param labels null: by the folder that each picture lies in
 * @param nameEncoding of names that are not UTF-8; null: found out
 */
public record ImportSpec(SplitSpec split, LabelRule labels, @Nullable String nameEncoding) {

  public ImportSpec(
      @Nullable SplitSpec split, @Nullable LabelRule labels, @Nullable String nameEncoding) {
    this.split = split == null ? SplitSpec.byDefault() : split;
    this.labels = labels == null ? LabelRule.byDefault() : labels;
    this.nameEncoding = nameEncoding;
    if (nameEncoding != null) {
      NameEncoding.asked(nameEncoding);
    }
  }

  /** As a request asks for it, where null leaves a choice open; see {@link SplitSpec#asked}. */
  public static ImportSpec asked(
      @Nullable SplitSpec split, @Nullable LabelRule labels, @Nullable String nameEncoding) {
    SplitSpec wanted = split == null ? SplitSpec.byDefault() : split;
    return new ImportSpec(wanted.asked(), labels, nameEncoding);
  }

  /** Every choice left to what the import finds. */
  public static ImportSpec byDefault() {
    return asked(null, null, null);
  }

  @Nullable NameEncoding names() {
    return nameEncoding == null ? null : NameEncoding.asked(nameEncoding);
  }
}
