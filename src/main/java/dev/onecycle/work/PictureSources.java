package dev.onecycle.work;

import static java.util.Objects.requireNonNull;

import dev.onecycle.dataset.DatasetReader;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.DirectoryReader;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.dataset.pixels.PackedPicture;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Nearest;
import dev.onecycle.platform.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The sources of what batch predictions look at, checked before they are opened. */
@Component
class PictureSources {

  private final Datasets datasets;
  private final DatasetReader reader;
  private final DirectoryReader directories;

  PictureSources(Datasets datasets, DatasetReader reader, DirectoryReader directories) {
    this.datasets = datasets;
    this.reader = reader;
    this.directories = directories;
  }

  /**
   * Returns how many pictures there will be; -1 for those of a directory.
   *
   * @param dataset null where {@code asked} names a directory
   * @throws Failure.NotFound if there is no such dataset
   * @throws Failure.Conflict if the dataset is not READY
   * @throws Failure.Invalid for a directory that may not be read, for labels that the dataset does
   *     not have, and where there is no picture
   */
  int check(@Nullable UUID dataset, BatchPrediction asked) {
    if (dataset == null) {
      directories.requireAllowed(requireNonNull(asked.path()));
      return -1;
    }
    List<LabelCount> labels = datasets.required(dataset).requireReady().labels();
    requireKnown(asked.labels(), labels.stream().map(LabelCount::name).toList());
    SplitChoice split = requireNonNull(asked.split());
    int pictures =
        labels.stream().filter(label -> asked.wants(label.name())).mapToInt(split::count).sum();
    if (pictures == 0) {
      String message = "the dataset has no such pictures";
      throw new Failure.Invalid(
          message,
          "Choose another split, or more labels.",
          List.of(new FieldError("split", message, split, null)));
    }
    return pictures;
  }

  private static void requireKnown(@Nullable List<String> wanted, List<String> known) {
    List<FieldError> errors = new ArrayList<>();
    for (int i = 0; wanted != null && i < wanted.size(); i++) {
      String label = wanted.get(i);
      if (!known.contains(label)) {
        String message = Nearest.unknown("label", label, known);
        errors.add(new FieldError("labels[" + i + "]", message, label, null));
      }
    }
    Settings.refuse(errors);
  }

  /**
   * Opens the pictures; the caller closes them.
   *
   * @throws Failure.NotFound if there is no such dataset
   * @throws Failure.Invalid for a directory without pictures
   * @throws java.util.concurrent.CancellationException once {@code stopRequested} says so
   */
  PictureSource open(@Nullable UUID dataset, BatchPrediction asked, BooleanSupplier stopRequested) {
    if (dataset == null) {
      String path = requireNonNull(asked.path());
      PictureSource found = PictureSource.of(directories.list(path, stopRequested));
      if (found.size() == 0) {
        throw new Failure.Invalid(
            "there is no picture below " + path,
            "Name a directory with JPEG, PNG, WebP, GIF, BMP, TIFF or PPM files.");
      }
      return found;
    }
    DatasetSnapshot snapshot = reader.open(dataset);
    List<PackedPicture> index = snapshot.all().index();
    SplitChoice split = requireNonNull(asked.split());
    int[] kept = split.of(snapshot).filter(i -> asked.wants(index.get(i).label())).toArray();
    return PictureSource.of(snapshot, kept);
  }
}
