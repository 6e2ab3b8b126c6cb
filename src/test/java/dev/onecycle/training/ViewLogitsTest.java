package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.image.Augmentation;
import dev.onecycle.image.ExactViews;
import dev.onecycle.image.Normalization;
import dev.onecycle.network.FormulaNetworks;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.OnTorchThread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(OnTorchThread.class)
class ViewLogitsTest {

  @TempDir private static Path directory;
  private static DatasetSnapshot snapshot;

  @BeforeAll
  static void pack() throws IOException {
    snapshot = SampleSnapshots.tenth(directory.resolve("sample.zip"));
  }

  @AfterAll
  static void close() throws IOException {
    snapshot.close();
  }

  private static Pictures valid() {
    return snapshot.all().subset(snapshot.split().valid());
  }

  /** Answers of a fixed network in batches of 8, so that the last is smaller. */
  private static void answers(
      Augmentation augmentation, long seed, boolean stop, Consumer<ViewLogits> check) {
    Layout layout = Layout.of(FormulaNetworks.architecture("xrn_tiny"), 10);
    try (Network network = new Network(FormulaNetworks.filled(layout, true), Numerics.REFERENCE);
        BatchLoader loader = new BatchLoader(2, DType.FLOAT32)) {
      check.accept(
          new ViewLogits(
              network,
              valid(),
              new ViewLogits.Source(
                  loader, new ExactViews(40, 32, Normalization.imagenet()), 8, augmentation, seed),
              () -> stop));
    }
  }

  private static float[] augmented(long seed, int view) {
    float[][] logits = new float[1][];
    answers(
        Augmentation.fastai(),
        seed,
        false,
        answers -> logits[0] = answers.augmented(view).logits().logits());
    return logits[0];
  }

  @Test
  void viewsAreDrawnFromTheSeedAndDiffer() {
    assertThat(augmented(1, 0)).isEqualTo(augmented(1, 0));
    assertThat(augmented(1, 0)).isNotEqualTo(augmented(1, 1)).isNotEqualTo(augmented(2, 0));
  }

  @Test
  void withoutAugmentationEveryViewIsThePlainOne() {
    answers(
        Augmentation.none(),
        1,
        false,
        answers -> {
          float[] plain = answers.plain().logits().logits();
          assertThat(plain).hasSize(200);
          assertThat(answers.augmented(3).logits().logits()).isEqualTo(plain);
          assertThat(answers.mirrored().logits().logits()).isNotEqualTo(plain);
          assertThat(answers.plain()).isSameAs(answers.plain());
        });
  }

  @Test
  void labelsAreThePictures() {
    Pictures valid = valid();
    answers(
        Augmentation.none(),
        1,
        false,
        answers -> {
          for (int i = 0; i < valid.size(); i++) {
            assertThat(answers.plain().logits().labels()[i]).isEqualTo(valid.label(i));
          }
        });
  }

  /** The pictures lie in the order of their labels: a part must not be only the first ones. */
  @Test
  void aPartIsSpreadEvenly() {
    answers(
        Augmentation.none(),
        1,
        false,
        answers -> {
          assertThat(answers.atMost(20)).isSameAs(answers);
          ViewLogits part = answers.atMost(10);
          assertThat(part.size()).isEqualTo(10);
          assertThat(part.plain().logits().labels()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        });
  }

  @Test
  void aRequestedStopIsObeyed() {
    answers(
        Augmentation.none(),
        1,
        true,
        answers -> assertThatThrownBy(answers::plain).isInstanceOf(CancellationException.class));
  }
}
