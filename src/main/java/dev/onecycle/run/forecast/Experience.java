package dev.onecycle.run.forecast;

import dev.onecycle.platform.StoredJson;
import dev.onecycle.run.Run;
import dev.onecycle.run.Workload;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.PastEpoch;
import dev.onecycle.run.history.RunEpochs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;

/** The speed of epochs so far, as a guess at how long others will take. */
@Component
public class Experience {

  /** Older epochs than these many do not count. */
  private static final Limit LOOK_BACK = Limit.of(500);

  private final RunEpochs epochs;
  private final StoredJson json;

  Experience(RunEpochs epochs, StoredJson json) {
    this.epochs = epochs;
    this.json = json;
  }

  /** Returns what is known now, to estimate with. Reads the database once. */
  public Known known() {
    Map<String, Workload> read = new HashMap<>();
    return new Known(
        epochs.latest(LOOK_BACK).stream()
            .filter(epoch -> epoch.imagesPerSecond() > 0)
            .flatMap(epoch -> speed(epoch, read.computeIfAbsent(epoch.workload(), this::workload)))
            .toList());
  }

  /** Returns an epoch's speed; none where its workload does not say its size. */
  private static Stream<Speed> speed(PastEpoch epoch, Workload work) {
    if (work.seconds() != null) {
      return Stream.empty();
    }
    return Stream.of(
        new Speed(
            work.architecture(),
            work.precision(),
            work.sizeAt(epoch.phase(), epoch.epoch()),
            Objects.requireNonNullElse(epoch.device(), ""),
            epoch.imagesPerSecond()));
  }

  /**
   * Returns how many seconds are left of a training, evaluation included, by what its own epochs
   * took so far; 0 where nothing says.
   */
  public double left(Run run, List<EpochRecord> trained) {
    Workload whole = workload(run.workload());
    double done = whole == null ? 0 : whole.doneAfter(trained.size());
    double took = trained.stream().mapToDouble(EpochRecord::seconds).sum();
    return done == 0 ? 0 : took * (1 - done) / done;
  }

  /** Reads a workload as a run's row keeps it; null is null. */
  @Nullable Workload workload(@Nullable String text) {
    return text == null ? null : json.read(text, Workload.class);
  }

  /** An epoch's speed and what it depends on. */
  private record Speed(
      String architecture, String precision, int size, String device, double imagesPerSecond) {}

  /** The speeds of the latest epochs, newest first. */
  public static final class Known {

    private final List<Speed> speeds;

    private Known(List<Speed> speeds) {
      this.speeds = speeds;
    }

    /**
     * Returns how long {@code work} takes: each stretch by the speeds of earlier epochs of its
     * architecture, precision and picture size on one device. Null if a stretch has none, and of
     * null.
     *
     * @param device null for that of the latest epoch like it
     */
    public @Nullable TimeEstimate estimate(@Nullable Workload work, @Nullable String device) {
      if (work == null) {
        return null;
      }
      if (work.seconds() != null) {
        return new TimeEstimate(work.seconds(), work.seconds(), work.seconds(), device, 0);
      }
      double seconds = 0;
      double low = 0;
      double high = 0;
      int used = 0;
      String on = device;
      for (Workload.Stretch stretch : work.stretches()) {
        if (stretch.pictures() > 0) {
          List<Speed> like = like(work, stretch.size(), on);
          if (like.isEmpty()) {
            return null;
          }
          String same = like.get(0).device;
          double[] rates =
              like.stream()
                  .filter(speed -> speed.device.equals(same))
                  .mapToDouble(Speed::imagesPerSecond)
                  .sorted()
                  .toArray();
          int tenth = (rates.length - 1) / 10;
          seconds += stretch.pictures() / rates[rates.length / 2];
          low += stretch.pictures() / rates[rates.length - 1 - tenth];
          high += stretch.pictures() / rates[tenth];
          used += rates.length;
          on = same;
        }
      }
      return new TimeEstimate(seconds, low, high, on, used);
    }

    private List<Speed> like(Workload work, int size, @Nullable String device) {
      return speeds.stream()
          .filter(speed -> speed.architecture.equals(work.architecture()))
          .filter(speed -> speed.precision.equals(work.precision()))
          .filter(speed -> speed.size == size)
          .filter(speed -> device == null || speed.device.equals(device))
          .toList();
    }
  }
}
