package dev.onecycle.training;

import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.dataset.pixels.PackedPictures;
import dev.onecycle.dataset.pixels.Packer;
import dev.onecycle.dataset.pixels.SampleDataset;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A few pictures of the sample dataset. */
final class SampleSnapshots {

  private SampleSnapshots() {}

  /** 80 pictures to train and 20 to validate, packed into {@code file}; the caller closes it. */
  static DatasetSnapshot tenth(Path file) throws IOException {
    return ending("5.png", file);
  }

  /** 16 pictures to train and 4 to validate, packed into {@code file}; the caller closes it. */
  static DatasetSnapshot fiftieth(Path file) throws IOException {
    return ending("[27]5.png", file);
  }

  private static DatasetSnapshot ending(String end, Path file) throws IOException {
    Pattern wanted = Pattern.compile(end + "$");
    PackSummary summary;
    try (Packer packer = new Packer(file)) {
      new SampleDataset(new Seed(1))
          .draw(
              (path, png) -> {
                if (wanted.matcher(path).find()) {
                  packer.add(PicturePath.of(path), png);
                }
              });
      summary = packer.finish(SplitSpec.byDefault());
    }
    return new DatasetSnapshot(PackedPictures.open(file), summary.split(), summary.statistics());
  }
}
