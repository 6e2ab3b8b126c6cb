package dev.onecycle.dataset.pixels;

import dev.onecycle.layout.Part;
import dev.onecycle.platform.Seed;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An imported dataset as a run sees it. Immutable; holds a file open until closed. Safe for any
 * number of threads.
 */
public final class DatasetSnapshot implements Closeable {

  private final PackedPictures all;
  private final SplitSpec spec;
  private @Nullable Split split;
  private final ChannelStatistics statistics;

  /** Takes the pictures over: closing this closes them. */
  public DatasetSnapshot(PackedPictures all, SplitSpec spec, ChannelStatistics statistics) {
    this.all = all;
    this.spec = spec;
    this.statistics = statistics;
  }

  /** The ordered class names; a label's position is its logit. */
  public List<String> labels() {
    return all.labels();
  }

  /** Every picture, also without a label or left out by the split; take subsets by the split. */
  public PackedPictures all() {
    return all;
  }

  /** The dataset's own split. */
  public synchronized Split split() {
    // Who looks at one picture of a million need not wait for it.
    split = split == null ? spec.of(all.index()) : split;
    return split;
  }

  /** The part of every picture by index; null for those that the split leaves out. */
  public @Nullable Part[] parts() {
    return split().parts(all.index());
  }

  /** A random split over everything but the test part, with the dataset's own fraction. */
  public Split redraw(Seed seed) {
    int[] drawable = SplitSpec.drawable(all.index());
    return Split.random(drawable.length, spec.validFraction(), seed).of(drawable);
  }

  /** Deals every labelled picture into folds that part no group of the split. */
  public Folds folds(int count, Seed seed) {
    return Folds.of(all.index(), count, seed, spec.group());
  }

  /** Of the training pictures of the dataset's own split. */
  public ChannelStatistics statistics() {
    return statistics;
  }

  @Override
  public void close() throws IOException {
    all.close();
  }
}
