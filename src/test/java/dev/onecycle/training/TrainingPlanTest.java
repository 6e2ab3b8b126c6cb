package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.dataset.pixels.Split;
import dev.onecycle.image.BatchCrop;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Picture;
import dev.onecycle.image.ViewDraw;
import dev.onecycle.image.Views;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.recipe.Stretch;
import dev.onecycle.testing.Goldens;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.training.data.BatchLoader;
import dev.onecycle.training.data.Batches;
import dev.onecycle.training.data.ViewDraws;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** How many pictures and batches fastai makes of the notebook's 13,394. */
@ExtendWith(OnTorchThread.class)
class TrainingPlanTest {

  private static final JsonNode GOLDEN = Goldens.json("G_data/data.json").get("batches");
  private static final int ALL = GOLDEN.get("n_total").asInt();

  @Test
  void theSplitIsAsLargeAsFastais() {
    Split split = Split.random(ALL, 0.2, new Seed(42));
    assertThat(split.train()).hasSize(GOLDEN.get("n_train").asInt());
    assertThat(split.valid()).hasSize(GOLDEN.get("n_valid").asInt());
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 128})
  void trainingDropsTheLastBatchAndValidationKeepsIt(int batchSize) {
    JsonNode expected = GOLDEN.get("bs" + batchSize);
    int train = GOLDEN.get("n_train").asInt();
    int valid = GOLDEN.get("n_valid").asInt();
    TrainingPlan plan = TrainingPlan.of(recipe(batchSize), new Data(train, valid));
    assertThat(plan.phases())
        .containsExactly(List.of(part(224, batchSize, 5, expected.get("train").asInt())));
    assertThat(plan.steps()).isEqualTo(5L * expected.get("train").asInt());

    List<Integer> trained = batches(train, batchSize, true);
    assertThat(trained).hasSize(expected.get("train").asInt()).containsOnly(batchSize);
    assertThat(train - trained.size() * batchSize).isEqualTo(expected.get("train_dropped").asInt());
    List<Integer> validated = batches(valid, batchSize, false);
    assertThat(validated).hasSize(expected.get("valid").asInt());
    assertThat(validated.get(validated.size() - 1)).isEqualTo(expected.get("valid_last").asInt());
  }

  @Test
  void knowsHowFarAPositionAndAnotherPlansStepAre() {
    Recipe recipe = RecipeReader.read("notebook-progressive", Map.of());
    TrainingPlan plan = TrainingPlan.ofSteps(recipe, (phase, epoch) -> phase == 1 ? 10 : 4);
    assertThat(plan.stepsAt(Position.START)).isZero();
    assertThat(plan.stepsAt(new Position(1, 2, 3))).isEqualTo(23);
    assertThat(plan.stepsAt(new Position(2, 1, 2))).isEqualTo(46);
    assertThat(plan.stepsAt(new Position(3, 0, 0))).isEqualTo(plan.steps());

    long steps = plan.steps();
    assertThat(plan.asFarAs(7, steps)).isEqualTo(7);
    assertThat(plan.asFarAs(13, 2 * steps)).isEqualTo(7);
    assertThat(plan.asFarAs(14, 2 * steps)).isEqualTo(7);
    assertThat(plan.asFarAs(2 * steps + 5, 2 * steps + 5)).isEqualTo(steps);
  }

  @Test
  void countsTheStepsOfEachPartOfAPlan() {
    Recipe recipe = planned();
    TrainingPlan plan = TrainingPlan.of(recipe, new Data(130, 10));
    assertThat(plan.phases())
        .containsExactly(
            List.of(part(64, 64, 3, 2), part(96, 16, 2, 8)), List.of(part(224, 64, 5, 2)));
    assertThat(plan.steps()).isEqualTo(3 * 2 + 2 * 8 + 5 * 2);
    assertThat(TrainingPlan.ofSteps(recipe, plan::stepsPerEpoch)).isEqualTo(plan);
    assertThat(plan.stepsAt(new Position(1, 3, 0))).isEqualTo(6);
    assertThat(plan.stepsAt(new Position(1, 4, 5))).isEqualTo(6 + 8 + 5);
    assertThat(plan.stepsAt(new Position(2, 1, 1))).isEqualTo(6 + 16 + 2 + 1);
    assertThat(plan.stepsOf(1, 2, 4)).isEqualTo(2 + 8);
    assertThatThrownBy(() -> TrainingPlan.of(recipe, new Data(63, 10)))
        .isInstanceOfSatisfying(
            Failure.Invalid.class,
            failure ->
                assertThat(failure.errors())
                    .extracting(Failure.FieldError::field)
                    .containsExactly("phases[0].plan[0].batchSize", "phases[1].batchSize"));
  }

  private static TrainingPlan.Part part(int size, int batchSize, int epochs, int steps) {
    return new TrainingPlan.Part(0, new Stretch(size, batchSize, epochs), steps);
  }

  private static Recipe planned() {
    Map<String, ?> small = Map.of("size", 64, "batchSize", 64, "epochs", 3);
    Map<String, ?> large = Map.of("size", 96, "batchSize", 16, "epochs", 2);
    return RecipeReader.read(
        Map.of("phases", List.of(Map.of("plan", List.of(small, large)), Map.of())), null);
  }

  @Test
  void aBatchLargerThanTheDatasetIsNamedWithItsPhase() {
    assertThatThrownBy(() -> TrainingPlan.of(recipe(64), new Data(63, 10)))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessage("batch 64 > 63 training pictures of the dataset");
  }

  @Test
  void validationNeedsPictures() {
    assertThatThrownBy(() -> TrainingPlan.of(recipe(64), new Data(64, 0)))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("no validation pictures");
  }

  private static Recipe recipe(int batchSize) {
    return RecipeReader.read(Map.of("phases", List.of(Map.of("batchSize", batchSize))), null);
  }

  private static List<Integer> batches(int pictures, int batchSize, boolean dropLast) {
    List<Integer> sizes = new ArrayList<>();
    int[] order = IntStream.range(0, pictures).toArray();
    try (BatchLoader loader = new BatchLoader(1, DType.FLOAT32);
        Batches.Pass pass =
            loader.pass(
                new Dots(pictures),
                order,
                batchSize,
                dropLast,
                0,
                new DotViews(),
                ViewDraws.plain(1))) {
      while (pass.hasNext()) {
        sizes.add(pass.next().count());
      }
    }
    return sizes;
  }

  /** So many pictures of one pixel. */
  private record Dots(int size) implements Pictures {
    @Override
    public int label(int index) {
      return 0;
    }

    @Override
    public Picture picture(int index) {
      return new Picture(1, 1, new byte[3]);
    }
  }

  /** Views of one pixel. */
  private record DotViews(int itemSize, int size) implements Views {
    DotViews() {
      this(1, 1);
    }

    @Override
    public void view(Picture picture, ViewDraw draw, BatchCrop crop, FloatBuffer out, int offset) {
      out.put(offset, 1);
    }
  }

  private record Data(int trained, int validated) implements TrainingData {
    @Override
    public List<String> labels() {
      return List.of("a", "b");
    }

    @Override
    public Pictures train(int phase) {
      return new Dots(trained);
    }

    @Override
    public Pictures valid(int phase) {
      return new Dots(validated);
    }

    @Override
    public Normalization normalization() {
      return Normalization.none();
    }

    @Override
    public boolean leaky(int phase) {
      return false;
    }
  }
}
