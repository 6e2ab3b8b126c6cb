package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.store.Blob;
import dev.onecycle.torch.TorchException;
import dev.onecycle.torch.TorchFailures;
import dev.onecycle.training.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HalfBatchesTest {

  private final HeardContext run = new HeardContext();
  private final List<Integer> tried = new ArrayList<>();

  @Test
  void triesOnceMoreWithHalfTheBatchAndTwiceTheAccumulation() throws Exception {
    Recipe recipe = recipe(Map.of("onOutOfMemory", "halve-batch", "phases[0].accumulate", 3));
    RunWork.Ending ending =
        HalfBatches.orWhole(
            run,
            recipe,
            (actual, halved) -> {
              tried.add(actual.phases().get(0).batchSize());
              if (!halved) {
                throw TorchFailures.outOfMemory();
              }
              assertThat(actual.phases().get(0).accumulate()).isEqualTo(6);
              assertThat(actual.phases().get(0).learningRate())
                  .isEqualTo(recipe.phases().get(0).learningRate());
              return RunWork.Ending.COMPLETED;
            });
    assertThat(ending).isEqualTo(RunWork.Ending.COMPLETED);
    assertThat(tried).containsExactly(64, 32);
    assertThat(run.logs).singleElement().asString().contains("half the batch", "2 GiB");
  }

  @Test
  void triesNoThirdTime() {
    Recipe recipe = recipe(Map.of("onOutOfMemory", "halve-batch"));
    assertOutOfMemory(recipe);
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

  @Test
  void aRunThatWasHalvedGoesOnHalved() throws Exception {
    Blob state = new Blob("runs/r/1/resume-x", 1, "0".repeat(64));
    run.resumePoint = new ResumePoint(1, new Position(1, 1, 0), 10, true, state);
    HalfBatches.orWhole(
        run,
        recipe(Map.of("onOutOfMemory", "halve-batch")),
        (actual, halved) -> {
          assertThat(halved).isTrue();
          tried.add(actual.phases().get(0).batchSize());
          return RunWork.Ending.COMPLETED;
        });
    assertThat(tried).containsExactly(32);
  }

  @Test
  void advisesWhatItWouldDo() {
    Recipe recipe = recipe(Map.of("phases[0].batchSize", 64, "phases[0].accumulate", 3));
    assertThat(HalfBatches.advice(recipe)).contains("phases[0].batchSize 32, accumulate 6");
  }

  private void assertOutOfMemory(Recipe recipe) {
    assertThatThrownBy(
            () ->
                HalfBatches.orWhole(
                    run,
                    recipe,
                    (actual, halved) -> {
                      tried.add(actual.phases().get(0).batchSize());
                      throw TorchFailures.outOfMemory();
                    }))
        .isInstanceOf(TorchException.class);
  }

  private static Recipe recipe(Map<String, ?> overrides) {
    return RecipeReader.read("baseline", overrides);
  }
}
