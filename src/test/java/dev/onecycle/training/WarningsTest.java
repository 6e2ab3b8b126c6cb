package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WarningsTest {

  private static final LabelCount ANT = new LabelCount("ant", 64, 16);
  private static final LabelCount BEE = new LabelCount("bee", 64, 16);

  @Test
  void aPlainRecipeOnAPlainDatasetIsNotDoubted() {
    assertThat(warnings(Map.of(), ANT, BEE)).isEmpty();
  }

  @Test
  void namesLabelsThatCannotBeLearnedOrMeasured() {
    assertThat(warnings(Map.of(), ANT, BEE, new LabelCount("cat", 0, 3)))
        .singleElement()
        .asString()
        .startsWith("1 labels (cat) have no training picture");
    assertThat(warnings(Map.of(), ANT, BEE, new LabelCount("cat", 3, 0)))
        .singleElement()
        .asString()
        .startsWith("1 labels (cat) have no validation picture");
    LabelCount[] single =
        IntStream.range(0, 128)
            .mapToObj(i -> new LabelCount("c" + i, 1, 1))
            .toArray(LabelCount[]::new);
    assertThat(warnings(Map.of(), single))
        .singleElement()
        .asString()
        .startsWith("128 labels (c0, c1, c2, c3, c4 and others) have a single training picture");
  }

  @Test
  void knowsTheNotebooksTwoSilentFaults() {
    Recipe recipe = RecipeReader.read("notebook-progressive", Map.of("phases[0].batchSize", 64));
    DataFacts data = new DataFacts(List.of(ANT, BEE), 160, 0.2, 300);
    assertThat(Warnings.of(recipe, data))
        .hasSize(2)
        .anyMatch(w -> w.startsWith("split redraw-each-phase leaks"))
        .anyMatch(w -> w.startsWith("phases[1]: freezeEpochs 1 with parameterGroups 1 freezes"));
    assertThat(data.trainPictures(recipe)).isEqualTo(128);
    assertThat(data.validPictures(recipe)).isEqualTo(32);
    Recipe fixed = RecipeReader.read("progressive", Map.of("phases[0].batchSize", 64));
    assertThat(Warnings.of(fixed, data)).isEmpty();
  }

  @Test
  void carriesValueAndLimit() {
    assertThat(warnings(Map.of("mixup", Map.of()), ANT, BEE))
        .containsExactly("mixup rarely helps in fewer than 80 epochs; this recipe has 5");
    assertThat(warnings(Map.of("mixup", Map.of(), "phases[0].epochs", 80), ANT, BEE)).isEmpty();
    assertThat(warnings(Map.of("normalize", "none"), ANT, BEE))
        .singleElement()
        .asString()
        .startsWith("normalize none");
    assertThat(warnings(Map.of("phases[0].size", 320), ANT, BEE))
        .singleElement()
        .asString()
        .startsWith("phases[0]: size 320 > 300");
    assertThat(warnings(Map.of("phases[0].batchSize", 100), ANT, BEE))
        .singleElement()
        .asString()
        .startsWith("phases[0]: each epoch leaves out 28 of 128 training pictures");
  }

  private static List<String> warnings(Map<String, Object> overrides, LabelCount... labels) {
    int pictures = List.of(labels).stream().mapToInt(l -> l.train() + l.valid()).sum();
    Map<String, ?> recipe = Map.of("phases", List.of(Map.of("batchSize", 64)));
    return Warnings.of(
        RecipeReader.read(recipe, overrides), new DataFacts(List.of(labels), pictures, 0.2, 300));
  }
}
