package dev.onecycle.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.recipe.Stretch;
import dev.onecycle.run.HeardContext;
import dev.onecycle.run.ResumePoint;
import dev.onecycle.run.WorkFailed;
import dev.onecycle.store.Blob;
import dev.onecycle.torch.TorchFailures;
import dev.onecycle.training.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class HalfBatchesTest {

  private static final TrainingPlan PLAN =
      new TrainingPlan(List.of(List.of(new TrainingPlan.Part(0, new Stretch(64, 64, 5), 10))));
  private static final Blob STATE = new Blob("runs/r/1/resume-x", 1, "0".repeat(64));

  private final HeardContext run = new HeardContext();
  private final List<Integer> tried = new ArrayList<>();

  @Test
  void triesOnceMoreWithHalfTheBatchAndTwiceTheAccumulation() throws Exception {
    Recipe recipe = recipe(Map.of("onOutOfMemory", "halve-batch", "phases[0].accumulate", 3));
    Recipe half = train(recipe, 32).recipe();
    assertThat(half.phases().get(0).accumulate()).isEqualTo(6);
    assertThat(half.phases().get(0).learningRate())
        .isEqualTo(recipe.phases().get(0).learningRate());
    assertThat(tried).containsExactly(64, 32);
    assertThat(run.logs).singleElement().asString().contains("half the batch", "2 GiB");
  }

  @Test
  void triesNoThirdTime() {
    Recipe recipe = recipe(Map.of("onOutOfMemory", "halve-batch"));
    assertOutOfMemory(recipe)
        .isInstanceOfSatisfying(
            WorkFailed.class,
            e -> assertThat(WorkFailed.of(e).fix()).contains("batchSize 16, accumulate 4"));
    assertThat(tried).containsExactly(64, 32);
  }

  @Test
  void onlyWhereTheRecipeAsksForIt() {
    assertOutOfMemory(recipe(Map.of()));
    assertThat(tried).containsExactly(64);
    assertThat(run.logs).isEmpty();
  }

  @Test
  void aBatchOfTwoIsNotHalved() {
    assertOutOfMemory(recipe(Map.of("onOutOfMemory", "halve-batch", "phases[0].batchSize", 2)));
    assertThat(tried).containsExactly(2);
  }

  /** 256 is the most that a recipe may have. */
  @Test
  void whatCannotBeAccumulatedLongerIsNotHalved() {
    Map<String, ?> many = Map.of("onOutOfMemory", "halve-batch", "phases[0].accumulate", 200);
    assertOutOfMemory(recipe(many));
    assertThat(tried).containsExactly(64);
    assertThat(HalfBatches.advice(recipe(many))).isEqualTo("Try smaller pictures.");
  }

  @Test
  void aRunThatWasHalvedGoesOnHalved() throws Exception {
    run.resumePoint = new ResumePoint(1, new Position(1, 1, 0), 10, true, STATE);
    assertThat(train(recipe(Map.of("onOutOfMemory", "halve-batch")), 64).halved()).isTrue();
    assertThat(tried).containsExactly(32);
  }

  /** What it had done of the epoch is done anew. */
  @Test
  void goesBackToTheStartOfTheEpoch() {
    run.resumePoint = new ResumePoint(1, new Position(1, 2, 7), 27, false, STATE);
    assertOutOfMemory(recipe(Map.of("onOutOfMemory", "halve-batch")));
    assertThat(run.resumePoint)
        .isEqualTo(new ResumePoint(1, new Position(1, 2, 0), 20, true, STATE));
  }

  @Test
  void halvesEachPartOfAPlan() {
    Map<String, ?> small = Map.of("size", 64, "batchSize", 96, "epochs", 3);
    Map<String, ?> large = Map.of("size", 96, "batchSize", 48, "epochs", 2);
    Recipe recipe =
        RecipeReader.read(
            Map.of("phases", List.of(Map.of("batchSize", 64, "plan", List.of(small, large)))),
            null);
    assertThat(HalfBatches.advice(recipe))
        .contains(
            "phases[0].batchSize 32, plan[0].batchSize 48, plan[1].batchSize 24, accumulate 2");
  }

  @Test
  void advisesWhatItWouldDo() {
    Recipe recipe = recipe(Map.of("phases[0].batchSize", 64, "phases[0].accumulate", 3));
    assertThat(HalfBatches.advice(recipe)).contains("phases[0].batchSize 32, accumulate 6");
  }

  private AbstractThrowableAssert<?, ?> assertOutOfMemory(Recipe recipe) {
    return assertThatThrownBy(() -> train(recipe, 0)).hasMessageContaining("2 GiB");
  }

  /** Trains as works do, on a device that has room for so many pictures. */
  private HalfBatches train(Recipe recipe, int room) throws WorkFailed {
    HalfBatches batches = new HalfBatches(run, recipe, PLAN);
    while (true) {
      int batchSize = batches.recipe().phases().get(0).batchSize();
      tried.add(batchSize);
      if (batchSize <= room) {
        return batches;
      }
      batches.halve(TorchFailures.outOfMemory());
    }
  }

  private static Recipe recipe(Map<String, ?> overrides) {
    return RecipeReader.read("baseline", overrides);
  }
}
