package dev.onecycle.work;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.layout.Part;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The choice of a dataset's pictures that are looked at. */
public enum SplitChoice {
  @JsonProperty("train")
  TRAIN,
  @JsonProperty("valid")
  VALID,
  /** Those that are kept apart for it. */
  @JsonProperty("test")
  TEST,
  /** Those of all parts, and those that the split leaves out. */
  @JsonProperty("all")
  ALL;

  /** Returns their numbers in the dataset, ascending. */
  IntStream of(DatasetSnapshot dataset) {
    return switch (this) {
      case TRAIN -> IntStream.of(dataset.split().train());
      case VALID -> IntStream.of(dataset.split().valid());
      case TEST -> {
        @Nullable Part[] parts = dataset.parts();
        yield IntStream.range(0, parts.length).filter(i -> parts[i] == Part.TEST);
      }
      case ALL -> IntStream.range(0, dataset.all().size());
    };
  }

  /**
   * Returns how many there are of a label; of {@link #ALL} without those that the split leaves out.
   */
  int count(LabelCount label) {
    return switch (this) {
      case TRAIN -> label.train();
      case VALID -> label.valid();
      case TEST -> label.in(Part.TEST);
      case ALL -> label.train() + label.valid() + label.in(Part.TEST);
    };
  }
}
