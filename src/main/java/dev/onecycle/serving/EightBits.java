package dev.onecycle.serving;

import static java.util.Objects.requireNonNull;

import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.checkpoint.Quantization;
import dev.onecycle.network.InferenceNetwork;
import dev.onecycle.serving.ServingProperties.Precision;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchException;
import dev.onecycle.torch.TorchThread;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * The decision whether a checkpoint predicts in whole numbers of 8 bits: if it is known to give the
 * labels that it gives in float32, passes its self-test, and is faster for it or asked for so. The
 * log says which it is, and why.
 */
@Component
class EightBits {

  private static final Logger log = LoggerFactory.getLogger(EightBits.class);

  private final Precision wanted;
  private final ObjectProvider<Torch> engine;
  private final Speedups speedups;

  EightBits(ServingProperties properties, ObjectProvider<Torch> engine, Speedups speedups) {
    this.wanted = properties.precision();
    this.engine = engine;
    this.speedups = speedups;
  }

  /**
   * Returns the network that is to predict, on its torch thread: {@code usual}, or another of the
   * same weights, when that one is closed.
   */
  InferenceNetwork insteadOf(InferenceNetwork usual, LoadedCheckpoint checkpoint) {
    if (wanted != Precision.AUTO && wanted != Precision.INT8) {
      return usual;
    }
    String why = whyNot(checkpoint);
    if (why == null) {
      try {
        InferenceNetwork rounded = rounded(checkpoint);
        why = closedUnless(rounded, usual, checkpoint);
        if (why == null) {
          usual.close();
          return rounded;
        }
      } catch (TorchException e) {
        if (e.kind() != TorchException.Kind.OTHER) {
          throw e;
        }
        why = "the engine refuses it: " + e.getMessage();
      }
    }
    String message = "checkpoint {} is served in {}, not in int8: {}";
    if (wanted == Precision.INT8) {
      log.warn(message, checkpoint.id(), usual.precision(), why);
    } else {
      log.info(message, checkpoint.id(), usual.precision(), why);
    }
    return usual;
  }

  private static InferenceNetwork rounded(LoadedCheckpoint checkpoint) {
    Quantization found = requireNonNull(checkpoint.quantization());
    int size = checkpoint.manifest().preprocessing().size();
    return InferenceNetwork.int8(checkpoint.state(), found.ranges(), size);
  }

  /** Returns what can be told before there is such a network; null for nothing. */
  private @Nullable String whyNot(LoadedCheckpoint checkpoint) {
    Quantization found = checkpoint.quantization();
    if (!engine.getObject().multipliesInt8(TorchThread.current().device())) {
      return "this device has no instructions for it";
    }
    if (!InferenceNetwork.hasInt8(checkpoint.state().layout().architecture())) {
      return checkpoint.manifest().network().label() + " has no such form";
    }
    if (found == null || !found.ranges().areOf(checkpoint.state().layout().architecture())) {
      return "nothing is known of its ranges, which the end of a training or an evaluation finds out";
    }
    return found.agrees()
        ? null
        : "%.4g of %d pictures have the label that they have in float32 < minimum %.4g of %d"
            .formatted(
                found.agreement(),
                found.pictures(),
                Quantization.LEAST_AGREEMENT,
                Quantization.LEAST_PICTURES);
  }

  /** Returns what speaks against it; null for nothing: else it is closed. */
  private @Nullable String closedUnless(
      InferenceNetwork rounded, InferenceNetwork usual, LoadedCheckpoint checkpoint) {
    String why = "it failed";
    try {
      why = Classifier.failure(rounded, checkpoint.manifest());
      if (why == null) {
        why = tooSlow(rounded, usual, checkpoint);
      }
    } finally {
      if (why != null) {
        rounded.close();
      }
    }
    return why;
  }

  private @Nullable String tooSlow(
      InferenceNetwork rounded, InferenceNetwork usual, LoadedCheckpoint checkpoint) {
    if (wanted == Precision.INT8) {
      log.info("checkpoint {} is served in int8, as asked for", checkpoint.id());
      return null;
    }
    String kind = checkpoint.manifest().network().label() + " in " + usual.precision();
    int size = checkpoint.manifest().preprocessing().size();
    double speedup = speedups.of(rounded, usual, kind, size);
    if (!(speedup > 1)) {
      return "that is %.3g times as fast".formatted(speedup);
    }
    log.info(
        "checkpoint {} is served in int8, {} times as fast as {}",
        checkpoint.id(),
        Math.round(speedup * 100) / 100.0,
        usual.precision());
    return null;
  }
}
