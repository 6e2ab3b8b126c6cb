package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Picture;
import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Tensor;
import dev.onecycle.training.data.Batch;
import dev.onecycle.training.data.Batches;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The batch that is shown against the batch that trains. */
@ExtendWith(OnTorchThread.class)
class BatchPreviewTest {

  private static final int LENGTH = 32 * 32 * 3;

  @Test
  void showsThePicturesThatTrain() {
    Recipe recipe = recipe(Map.of());
    BatchPreview preview = BatchPreview.of(recipe, new Noise(), 2, 99);
    try (RecipeBatches batches = new RecipeBatches(recipe, new Noise(), 2, DType.FLOAT32);
        Batches.Pass pass =
            batches.train(new Position(2, 0, 0), recipe.phases().get(1).stretchAt(0))) {
      Batch first = pass.next();
      assertThat(preview.batchSize()).isEqualTo(first.count());
      float[] pictures = first.pictures().floats();
      for (int i = 0; i < first.count(); i++) {
        BatchPreview.Seen seen = preview.pictures().get(i);
        assertThat(seen.view())
            .isEqualTo(Arrays.copyOfRange(pictures, i * LENGTH, (i + 1) * LENGTH));
        assertThat(seen.label()).isEqualTo(Noise.LABELS.get((int) first.labels()[i]));
        assertThat(seen.lambda()).isNull();
      }
    }
  }

  @Test
  void showsTheBlendsThatTrain() {
    Recipe recipe = recipe(Map.of("mixup", Map.of("alpha", 0.4)));
    BatchPreview preview = BatchPreview.of(recipe, new Noise(), 2, 4);
    assertThat(preview.pictures()).hasSize(4);
    try (Objective objective = new Objective(0);
        RecipeBatches batches = new RecipeBatches(recipe, new Noise(), 1, DType.BFLOAT16);
        Batches.Pass pass =
            batches.train(new Position(2, 0, 0), recipe.phases().get(1).stretchAt(0))) {
      Batch first = pass.next();
      // Three epochs of 20 / 8 steps went before.
      Blend drawn =
          Blend.draw(
              first.count(), 0.4, RandomStream.BLENDING.of(recipe.seed()).child(3 * 2).generator());
      Tensor blended = objective.blend(first.pictures(), drawn);
      float[] all = blended.floats();
      long[] partners = drawn.partners().longs();
      float[] lambdas = drawn.lambdas().floats();
      for (int i = 0; i < 4; i++) {
        BatchPreview.Seen seen = preview.pictures().get(i);
        assertThat(seen.lambda()).isEqualTo(lambdas[i]);
        assertThat(seen.partner())
            .isEqualTo(Noise.LABELS.get((int) first.labels()[(int) partners[i]]));
        assertThat(seen.view())
            .containsExactly(Arrays.copyOfRange(all, i * LENGTH, (i + 1) * LENGTH), within(1e-6f));
      }
    }
  }

  @Test
  void measuresChannelsBeforeAndAfterNormalisation() {
    BatchPreview preview = BatchPreview.of(recipe(Map.of()), new Noise(), 1, 8);
    for (int c = 0; c < 3; c++) {
      double before = preview.raw().mean().get(c);
      double std = Normalization.imagenet().std().get(c);
      double shifted = (before - Normalization.imagenet().mean().get(c)) / std;
      assertThat(before).isBetween(0.3, 0.7);
      assertThat(preview.normalised().mean().get(c)).isCloseTo(shifted, within(1e-5));
      assertThat(preview.normalised().std().get(c) * std)
          .isCloseTo(preview.raw().std().get(c), within(1e-5));
    }
  }

  @Test
  void anotherSeedShowsAnotherBatch() {
    BatchPreview one = BatchPreview.of(recipe(Map.of()), new Noise(), 1, 8);
    BatchPreview same = BatchPreview.of(recipe(Map.of()), new Noise(), 1, 8);
    BatchPreview other = BatchPreview.of(recipe(Map.of("seed", 2)), new Noise(), 1, 8);
    assertThat(one.normalised()).isEqualTo(same.normalised());
    assertThat(one.normalised()).isNotEqualTo(other.normalised());
  }

  @Test
  void refusesPhasesThatAreNot() {
    for (int phase : new int[] {0, 3}) {
      assertThatThrownBy(() -> BatchPreview.of(recipe(Map.of()), new Noise(), phase, 1))
          .isInstanceOf(Failure.Invalid.class)
          .hasMessage("phase " + phase + " is not within 1 and 2");
    }
  }

  private static Recipe recipe(Map<String, Object> overrides) {
    Map<String, ?> first = Map.of("size", 32, "batchSize", 8, "epochs", 3);
    Map<String, ?> second = Map.of("size", 32, "batchSize", 5, "epochs", 1);
    return RecipeReader.read(
        Map.of("itemSize", 40, "phases", List.of(first, second), "seed", 1), overrides);
  }

  /** Twenty pictures of noise. */
  private static final class Noise implements TrainingData {

    private static final List<String> LABELS = List.of("a", "b", "c");

    @Override
    public List<String> labels() {
      return LABELS;
    }

    @Override
    public Pictures train(int phase) {
      return new Pictures() {
        @Override
        public int size() {
          return 20;
        }

        @Override
        public int label(int index) {
          return index % 3;
        }

        @Override
        public Picture picture(int index) {
          byte[] rgb = new byte[48 * 40 * 3];
          new SplittableRandom(index).nextBytes(rgb);
          return new Picture(48, 40, rgb);
        }
      };
    }

    @Override
    public Pictures valid(int phase) {
      return train(phase);
    }

    @Override
    public Normalization normalization() {
      return Normalization.imagenet();
    }

    @Override
    public boolean leaky(int phase) {
      return false;
    }
  }
}
