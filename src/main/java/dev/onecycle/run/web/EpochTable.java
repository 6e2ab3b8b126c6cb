package dev.onecycle.run.web;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.onecycle.run.history.EpochRecord;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A run's epochs in order: as JSON a list, as text fastai's table, or comma-separated. */
record EpochTable(@JsonValue List<EpochRecord> epochs) {

  private static final String HEAD = "epoch     train_loss  valid_loss  accuracy  time\n";
  private static final String CSV_HEAD =
      "phase,epoch,trainLoss,validLoss,accuracy,learningRate,seconds,imagesPerSecond,leaky\n";

  /** Returns one table per phase, as fastai prints one per fit. */
  String text() {
    StringBuilder text = new StringBuilder();
    int phase = -1;
    for (EpochRecord epoch : epochs) {
      if (epoch.phase() != phase) {
        text.append(text.isEmpty() ? "" : "\n").append(HEAD);
        phase = epoch.phase();
      }
      text.append(row(epoch));
    }
    return text.toString();
  }

  private static String row(EpochRecord e) {
    Duration time = Duration.ofSeconds(Math.round(e.seconds()));
    return String.format(
        Locale.ROOT,
        "%-10d%-12.6f%-12s%-10s%02d:%02d\n",
        e.epoch(),
        e.trainLoss(),
        validated(e.validLoss()),
        validated(e.accuracy()),
        time.toMinutes(),
        time.toSecondsPart());
  }

  private static String validated(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.6f", value);
  }

  /** Returns every field of every epoch, numbers in full; what was not validated is empty. */
  String csv() {
    StringBuilder csv = new StringBuilder(CSV_HEAD);
    for (EpochRecord e : epochs) {
      List<Object> fields =
          List.of(
              e.phase(),
              e.epoch(),
              e.trainLoss(),
              Objects.requireNonNullElse(e.validLoss(), ""),
              Objects.requireNonNullElse(e.accuracy(), ""),
              e.learningRate(),
              e.seconds(),
              e.imagesPerSecond(),
              e.leaky());
      csv.append(String.join(",", fields.stream().map(Object::toString).toList())).append('\n');
    }
    return csv.toString();
  }
}
