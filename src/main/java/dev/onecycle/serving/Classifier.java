package dev.onecycle.serving;

import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Preprocessing;
import dev.onecycle.image.Augmentation;
import dev.onecycle.image.Views;
import dev.onecycle.network.InferenceNetwork;
import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.TorchException;
import dev.onecycle.torch.TorchExecutor;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A checkpoint in a device's memory, ready to classify. Safe for any number of threads: all of them
 * queue for the device's one torch thread.
 *
 * <p>It counts its users. Whoever made it is the first; the last to {@link #release} it frees the
 * device's memory.
 */
final class Classifier {

  private static final Logger log = LoggerFactory.getLogger(Classifier.class);

  private final Manifest manifest;
  private final Views views;
  private final Augmentation augmentation;
  private final TorchExecutor device;
  private final InferenceNetwork network;
  private final AtomicInteger users = new AtomicInteger(1);

  /**
   * What the network said about some views.
   *
   * @param logits [views, labels]
   * @param queued how long the request waited for the device
   * @param inference how long the forward pass took
   */
  record Answer(float[] logits, Duration queued, Duration inference) {}

  private Classifier(LoadedCheckpoint checkpoint, TorchExecutor device, InferenceNetwork network) {
    this.manifest = checkpoint.manifest();
    Preprocessing preprocessing = manifest.preprocessing();
    this.views =
        Views.of(preprocessing.itemSize(), preprocessing.size(), preprocessing.normalization());
    this.augmentation = augmentation(manifest);
    this.device = device;
    this.network = network;
  }

  /**
   * Loads a checkpoint into the device's memory and classifies once, so that the first request does
   * not pay for what the engine sets up.
   *
   * @throws Failure.Unavailable if there is no memory for it
   */
  static Classifier load(LoadedCheckpoint checkpoint, TorchExecutor device, DType precision) {
    int size = checkpoint.manifest().preprocessing().size();
    InferenceNetwork network =
        on(device, () -> InferenceNetwork.of(checkpoint.state(), precision, size));
    if (network.refused() != null) {
      log.warn("predictions are slower here than they could be", network.refused());
    }
    Classifier classifier = new Classifier(checkpoint, device, network);
    try {
      classifier.classify(FloatBuffer.allocate(classifier.views.length()), 1);
      return classifier;
    } catch (RuntimeException e) {
      classifier.release();
      throw e;
    }
  }

  /** How the training changed its pictures; fastai's way where nobody knows. */
  static Augmentation augmentation(Manifest manifest) {
    return manifest.recipe() == null
        ? Augmentation.fastai()
        : RecipeReader.read(manifest.recipe(), null).augmentation();
  }

  Manifest manifest() {
    return manifest;
  }

  /** Makes the network's input of pictures, as the training's validation did. */
  Views views() {
    return views;
  }

  /** As {@link #augmentation(Manifest)}. */
  Augmentation augmentation() {
    return augmentation;
  }

  /**
   * The logits of some views, all in one forward pass.
   *
   * @param pictures [count, S, S, 3] from position 0
   * @throws Failure.Unavailable if the device has no memory for so many
   */
  Answer classify(FloatBuffer pictures, int count) {
    int size = views.size();
    long asked = System.nanoTime();
    return on(
        device,
        () -> {
          long begun = System.nanoTime();
          try (Scope scope = Scope.open()) {
            Tensor input = Tensor.of(pictures.duplicate().rewind(), count, size, size, 3);
            float[] logits = network.logits(input).floats();
            Duration inference = Duration.ofNanos(System.nanoTime() - begun);
            return new Answer(logits, Duration.ofNanos(begun - asked), inference);
          }
        });
  }

  /** One more user; false if the last one has already released it. */
  boolean retain() {
    return users.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
  }

  /** One user less. */
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
      if (e.kind() == TorchException.Kind.OTHER) {
        throw e;
      }
      throw new Failure.Unavailable(
          "the device " + device.device() + " cannot predict: " + e.getMessage(),
          "Try again later, or with fewer views.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure.Unavailable("the service is stopping", "Try again later.", e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("classifying failed", e);
    }
  }
}
