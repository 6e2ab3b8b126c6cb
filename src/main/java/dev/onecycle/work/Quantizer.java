package dev.onecycle.work;

import static java.util.Objects.requireNonNull;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Quantization;
import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.image.Views;
import dev.onecycle.network.ActivationRanges;
import dev.onecycle.network.Architecture;
import dev.onecycle.network.InferenceNetwork;
import dev.onecycle.network.RangeFinder;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Outage;
import dev.onecycle.run.Best;
import dev.onecycle.run.RunContext;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.TorchException;
import dev.onecycle.torch.TorchExecutor;
import dev.onecycle.training.TrainingData;
import java.nio.FloatBuffer;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The finding out of a checkpoint's {@link Quantization}, on the processor wherever it was trained.
 */
@Component
class Quantizer {

  private static final Logger log = LoggerFactory.getLogger(Quantizer.class);

  /** How many pictures the ranges are found on, and on how many others the labels are compared. */
  static final int PICTURES = 256;

  /** How many validations of as many pictures it takes as long as, at most. */
  static final int PASSES = 5;

  private static final int BATCH = 16;

  private final Workbench workbench;
  private final CheckpointStore checkpoints;

  Quantizer(Workbench workbench, CheckpointStore checkpoints) {
    this.workbench = workbench;
    this.checkpoints = checkpoints;
  }

  /** Returns how many of so many pictures are looked at of either kind, at most. */
  static int each(int trained) {
    int each = Math.min(PICTURES, trained / 2);
    return each < Quantization.LEAST_PICTURES ? 0 : each;
  }

  /**
   * Returns how many of so many training pictures are looked at of either kind once a checkpoint
   * answers about labelled pictures: none where it is known already, or has no such form.
   */
  static int each(Manifest manifest, @Nullable Quantization known, int trained) {
    Architecture architecture = Architecture.of(manifest.network());
    return known == null && InferenceNetwork.hasInt8(architecture) ? each(trained) : 0;
  }

  /**
   * Finds it out for a run's best weights on pictures that they were trained on.
   *
   * @param most how many of either kind
   * @throws CancellationException once a stop is requested
   */
  void quantizeBest(RunContext context, TrainingData data, int most) {
    Best best = requireNonNull(context.best(), "looked at before its first epoch");
    UUID id = requireNonNull(best.checkpoint(), "its best weights are gone");
    Pictures trained = data.train(best.epoch().phase());
    int each = Math.min(most, each(trained.size()));
    if (each >= Quantization.LEAST_PICTURES && workbench.multipliesInt8()) {
      LoadedCheckpoint checkpoint =
          Outage.outlast(() -> checkpoints.load(id), context::stopRequested);
      quantize(context, checkpoint, trained, each);
    }
  }

  /**
   * Finds it out for a checkpoint on pictures like those that it was trained on, evenly spread,
   * every other one for the ranges; and keeps it with it. Does nothing where there are too few
   * pictures, the network has no form in 8 bits, or there is no processor for it here.
   *
   * @param each how many of either kind
   * @throws CancellationException once a stop is requested
   */
  void quantize(RunContext context, LoadedCheckpoint checkpoint, Pictures trained, int each) {
    if (each < Quantization.LEAST_PICTURES
        || !workbench.multipliesInt8()
        || !InferenceNetwork.hasInt8(checkpoint.state().layout().architecture())) {
      return;
    }
    Quantization found = of(checkpoint, trained, each, context::stopRequested);
    if (found != null) {
      context.whileHeld(() -> checkpoints.quantized(checkpoint.id(), found));
      context.log(
          "in int8 %.4g of %d pictures have the label that they have in float32"
              .formatted(found.agreement(), found.pictures()));
    }
  }

  private @Nullable Quantization of(
      LoadedCheckpoint checkpoint, Pictures trained, int each, BooleanSupplier stopRequested) {
    Views views = checkpoint.manifest().preprocessing().views();
    Look look = new Look(checkpoint.state(), trained, each, views, stopRequested);
    try (TorchExecutor processor = workbench.executor(Device.CPU)) {
      return processor.call(look::quantization);
    } catch (TorchException e) {
      log.warn("checkpoint {} cannot be served in 8 bits", checkpoint.id(), e);
      return null;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("pictures could not be looked at", e);
    }
  }

  /** A look at pictures, on the torch thread of a processor. */
  record Look(
      StateDict state, Pictures trained, int each, Views views, BooleanSupplier stopRequested) {

    /** Returns what it finds; null where something is no number. */
    @Nullable Quantization quantization() {
      ActivationRanges ranges = ranges();
      return ranges == null ? null : new Quantization(ranges, agreement(ranges), each);
    }

    private @Nullable ActivationRanges ranges() {
      try (RangeFinder finder = new RangeFinder(state, views.size())) {
        for (int from = 0; from < each; from += BATCH) {
          try (Scope scope = Scope.open()) {
            finder.look(batch(from, 0));
          }
        }
        return finder.ranges();
      }
    }

    private double agreement(ActivationRanges ranges) {
      int same = 0;
      try (InferenceNetwork exact = InferenceNetwork.of(state, DType.FLOAT32, views.size());
          InferenceNetwork rounded = InferenceNetwork.int8(state, ranges, views.size())) {
        for (int from = 0; from < each; from += BATCH) {
          try (Scope scope = Scope.open()) {
            Tensor pictures = batch(from, 1);
            same += same(exact.logits(pictures).floats(), rounded.logits(pictures).floats());
          }
        }
      }
      return (double) same / each;
    }

    /**
     * Returns the pictures from number {@code from} on of those for the ranges, 0, or others, 1.
     */
    private Tensor batch(int from, int kind) {
      if (stopRequested.getAsBoolean()) {
        throw new CancellationException("a stop was requested");
      }
      int count = Math.min(BATCH, each - from);
      FloatBuffer pixels = FloatBuffer.allocate(count * views.length());
      for (int i = 0; i < count; i++) {
        long number = 2L * (from + i) + kind;
        int picture = (int) (number * trained.size() / (2L * each));
        views.validView(trained.picture(picture), pixels, i * views.length());
      }
      return Tensor.of(pixels, count, views.size(), views.size(), 3);
    }

    /** Returns how many rows of both have their largest number in the same place. */
    private int same(float[] some, float[] others) {
      int labels = state.layout().classes();
      int same = 0;
      for (int row = 0; row < some.length; row += labels) {
        same += largest(some, row, labels) == largest(others, row, labels) ? 1 : 0;
      }
      return same;
    }

    private static int largest(float[] numbers, int from, int count) {
      int largest = from;
      for (int i = from + 1; i < from + count; i++) {
        largest = numbers[i] > numbers[largest] ? i : largest;
      }
      return largest;
    }
  }
}
