package dev.onecycle.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.onecycle.platform.Setting;
import dev.onecycle.platform.Settings;

/** The rule that ends a run whose validation no longer improves. */
public record EarlyStopping(
    @Setting("what has to improve") Metric metric,
    @Setting(value = "epochs in a row without improvement that end it", min = 1, max = 100)
        int patience) {

  static final EarlyStopping DEFAULT = new EarlyStopping(Metric.VALID_LOSS, 3);

  /** A number that each epoch's validation has. */
  public enum Metric {
    @JsonProperty("validLoss")
    VALID_LOSS,
    @JsonProperty("accuracy")
    ACCURACY
  }

  public EarlyStopping {
    Settings.check(EarlyStopping.class, metric, patience);
  }
}
