package dev.onecycle.serving;

import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.SelfTest;
import dev.onecycle.image.Augmentation;
import dev.onecycle.image.Views;
import dev.onecycle.network.InferenceNetwork;
import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.TorchException;
import dev.onecycle.torch.TorchExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A checkpoint in a device's memory, ready to classify: the {@link Batcher} has it do so on the
 * device's one torch thread.
 *
 * <p>It counts its users. Whoever made it is the first; the last to {@link #release} it frees the
 * device's memory.
 */
public final class Classifier {

  private static final Logger log = LoggerFactory.getLogger(Classifier.class);

  /**
   * How far the logits of a self-test may be off, in units of the largest: rounding, and less than
   * what a wrong picture or a wrong weight does.
   */
  private static final double FLOAT32_TOLERANCE = 1e-3;

  private static final double BFLOAT16_TOLERANCE = 0.05;

  private static final double INT8_TOLERANCE = 0.1;

  /** How much of {@link #nanosPerView} the latest pass is. */
  private static final double NEWS = 0.2;

  private final Manifest manifest;
  private final Views views;
  private final Augmentation augmentation;
  private final TorchExecutor device;
  private final InferenceNetwork network;
  private final AtomicInteger users = new AtomicInteger(1);

  /** For the torch thread alone: where the views of a pass lie side by side. */
  private ByteBuffer input = ByteBuffer.allocateDirect(0);

  private volatile double nanosPerView;

  private Classifier(
      Manifest manifest,
      Views views,
      Augmentation augmentation,
      TorchExecutor device,
      InferenceNetwork network) {
    this.manifest = manifest;
    this.views = views;
    this.augmentation = augmentation;
    this.device = device;
    this.network = network;
  }

  /**
   * Loads a checkpoint into the device's memory and has it do its self-test, after which the first
   * request does not pay for what the engine sets up.
   *
   * @param precision of its network, unless {@code eightBits} decides otherwise
   * @throws Failure.Unavailable if there is no memory for it, or it does not answer what it should
   */
  static Classifier load(
      LoadedCheckpoint checkpoint, TorchExecutor device, DType precision, EightBits eightBits) {
    Manifest manifest = checkpoint.manifest();
    // Before the device's memory is taken: a manifest may be newer than this version and refused.
    Augmentation augmentation = augmentation(manifest);
    Views views = manifest.preprocessing().views();
    InferenceNetwork network = on(device, () -> network(checkpoint, precision, eightBits));
    Classifier classifier = new Classifier(manifest, views, augmentation, device, network);
    try {
      // As the first request will most likely be.
      FloatBuffer black = FloatBuffer.allocate(views.length());
      on(device, () -> classifier.logits(List.of(black)));
      return classifier;
    } catch (RuntimeException e) {
      classifier.release();
      throw e;
    }
  }

  /** Returns one that has passed its self-test, on the device's torch thread. */
  private static InferenceNetwork network(
      LoadedCheckpoint checkpoint, DType precision, EightBits eightBits) {
    int size = checkpoint.manifest().preprocessing().size();
    InferenceNetwork usual = InferenceNetwork.of(checkpoint.state(), precision, size);
    try {
      if (usual.refused() != null) {
        log.warn("predictions are slower here than they could be", usual.refused());
      }
      String failure = failure(usual, checkpoint.manifest());
      if (failure != null) {
        throw new Failure.Unavailable(
            "checkpoint " + checkpoint.id() + " does not pass its self-test: " + failure,
            "Serve another checkpoint, or try onecycle.serving.precision=float32.",
            null);
      }
      return eightBits.insteadOf(usual, checkpoint);
    } catch (RuntimeException e) {
      usual.close();
      throw e;
    }
  }

  /** Returns how the training changed its pictures; fastai's way where nobody knows. */
  public static Augmentation augmentation(Manifest manifest) {
    return manifest.recipe() == null
        ? Augmentation.fastai()
        : RecipeReader.read(manifest.recipe(), null).augmentation();
  }

  /**
   * Has a network answer what it answered before its weights were stored, on its torch thread.
   *
   * @return how it fails; null if it does not
   */
  static @Nullable String failure(InferenceNetwork network, Manifest manifest) {
    SelfTest test = manifest.selfTest() == null ? SelfTest.UNKNOWN : manifest.selfTest();
    int size = manifest.preprocessing().size();
    try (Scope scope = Scope.open()) {
      FloatBuffer pictures = test.input(manifest.preprocessing());
      Tensor together = Tensor.of(pictures, SelfTest.PICTURES, size, size, 3);
      double deviation = test.deviation(network.logits(together).floats());
      double tolerance = tolerance(network.precision());
      return deviation <= tolerance
          ? null
          : "its logits are off by %.3g > maximum %.3g".formatted(deviation, tolerance);
    }
  }

  private static double tolerance(DType precision) {
    return switch (precision) {
      case FLOAT32 -> FLOAT32_TOLERANCE;
      case BFLOAT16 -> BFLOAT16_TOLERANCE;
      case INT8 -> INT8_TOLERANCE;
      default -> throw new IllegalArgumentException("a network in " + precision);
    };
  }

  Manifest manifest() {
    return manifest;
  }

  /** Returns what the network computes in, as {@link Prediction#precision} says it. */
  String precision() {
    return network.precision().toString().toLowerCase(Locale.ROOT);
  }

  /** Makes the network's input of pictures, as the training's validation did. */
  Views views() {
    return views;
  }

  /** Returns what {@link #augmentation(Manifest)} does for its manifest. */
  Augmentation augmentation() {
    return augmentation;
  }

  /** Returns what a view's pixels take, in bytes. */
  long bytesPerView() {
    return (long) views.length() * Float.BYTES;
  }

  /** Returns what a view takes in a forward pass, lately and on average, in nanoseconds. */
  double nanosPerView() {
    return nanosPerView;
  }

  /**
   * Returns the logits of some views, all in one forward pass, on the device's torch thread.
   *
   * @param pictures each [n, S, S, 3] from position 0
   * @return [all of them, labels]
   * @throws Failure.Unavailable if the device has no memory for so many
   */
  float[] logits(List<FloatBuffer> pictures) {
    int size = views.size();
    long begun = System.nanoTime();
    FloatBuffer all = room(pictures.stream().mapToInt(FloatBuffer::capacity).sum());
    pictures.forEach(each -> all.put(each.duplicate().clear()));
    int count = all.position() / views.length();
    try (Scope scope = Scope.open()) {
      Tensor together = Tensor.over(input, count, size, size, 3);
      return network.logits(together).floats();
    } catch (TorchException e) {
      throw unavailable(e, device.device());
    } finally {
      double each = (double) (System.nanoTime() - begun) / count;
      nanosPerView = nanosPerView == 0 ? each : nanosPerView + NEWS * (each - nanosPerView);
    }
  }

  private FloatBuffer room(int numbers) {
    int bytes = numbers * Float.BYTES;
    if (input.capacity() < bytes) {
      input = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
    return input.limit(bytes).asFloatBuffer();
  }

  /** Counts one more user; false if the last one has already released it. */
  boolean retain() {
    return users.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
  }

  /** Counts one user less. */
  void release() {
    if (users.decrementAndGet() == 0) {
      on(
          device,
          () -> {
            network.close();
            return null;
          });
    }
  }

  private static <T> T on(TorchExecutor device, Callable<T> work) {
    try {
      return device.call(work);
    } catch (TorchException e) {
      throw unavailable(e, device.device());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure.Unavailable("the service is stopping", "Try again later.", e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("classifying failed", e);
    }
  }

  private static RuntimeException unavailable(TorchException e, Device device) {
    return e.kind() == TorchException.Kind.OTHER
        ? e
        : new Failure.Unavailable(
            "the device " + device + " cannot predict: " + e.getMessage(),
            "Try again later, or with fewer views.",
            e);
  }
}
