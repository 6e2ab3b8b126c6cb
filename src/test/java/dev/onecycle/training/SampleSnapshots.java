package dev.onecycle.training;

import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.dataset.pixels.PackedPictures;
import dev.onecycle.dataset.pixels.Packer;
import dev.onecycle.dataset.pixels.PicturePath;
import dev.onecycle.dataset.pixels.SampleDataset;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.platform.Seed;
import java.io.IOException;
import java.nio.file.Path;

/** A tenth of the sample dataset: 80 pictures to train and 20 to validate. */
final class SampleSnapshots {

  private SampleSnapshots() {}

  /** Packs it into {@code file}; the caller closes it. */
  static DatasetSnapshot tenth(Path file) throws IOException {
    PackSummary summary;
    try (Packer packer = new Packer(file)) {
      new SampleDataset(new Seed(1))
          .draw(
              (path, png) -> {
                if (path.endsWith("5.png")) {
                  packer.add(PicturePath.of(path), png);
                }
              });
      summary = packer.finish(SplitSpec.byDefault());
    }
    return new DatasetSnapshot(PackedPictures.open(file), summary.split(), summary.statistics());
  }
}
