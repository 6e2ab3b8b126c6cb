package dev.onecycle.search;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.onecycle.run.history.EpochRecord;
import org.jspecify.annotations.Nullable;

/** What trials are compared by, measured on the validation pictures after an epoch. */
public enum Metric {
  /** The share told right: the larger the better. */
  @JsonProperty("accuracy")
  ACCURACY,
  /** The mean loss: the smaller the better. */
  @JsonProperty("validLoss")
  VALID_LOSS;

  /** Returns its value after an epoch; null where that was not validated. */
  @Nullable Double of(EpochRecord epoch) {
    return this == ACCURACY ? epoch.accuracy() : epoch.validLoss();
  }

  /** Returns a number that is the larger the better {@code value} is. */
  double merit(double value) {
    return this == ACCURACY ? value : -value;
  }
}
