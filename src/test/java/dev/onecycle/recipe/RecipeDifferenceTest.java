package dev.onecycle.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecipeDifferenceTest {

  @Test
  void equalRecipesDifferInNothing() {
    assertThat(RecipeDifference.of(List.of(tree("smoke"), tree("smoke")))).isEmpty();
    assertThat(RecipeDifference.of(List.of(tree("smoke")))).isEmpty();
  }

  @Test
  void namesThePathsThatOverridesTake() {
    Map<String, Object> overrides =
        Map.of("phases[0].epochs", 9, "optimizer.weightDecay", 0.5, "phases[0].momentum[1]", 0.8);
    List<RecipeDifference> found =
        RecipeDifference.of(
            List.of(tree("smoke"), RecipeReader.tree(RecipeReader.read("smoke", overrides))));
    assertThat(found)
        .extracting(RecipeDifference::path)
        .containsExactlyInAnyOrderElementsOf(overrides.keySet());
    assertThat(found)
        .allSatisfy(each -> assertThat(each.values().get(1)).isEqualTo(overrides.get(each.path())));
  }

  @Test
  void whatOneHasAndOthersHaveNotIsOneDifference() {
    List<RecipeDifference> found =
        RecipeDifference.of(
            List.of(
                Map.of("phases", List.of(1)),
                Map.of("phases", List.of(1, Map.of("size", 224)), "mixup", Map.of("alpha", 0.4)),
                Map.of("phases", List.of(2))));
    assertThat(found)
        .extracting(RecipeDifference::path)
        .containsExactlyInAnyOrder("phases[0]", "phases[1]", "mixup");
    assertThat(found)
        .filteredOn(each -> each.path().equals("phases[1]"))
        .first()
        .extracting(RecipeDifference::values)
        .isEqualTo(Arrays.asList(null, Map.of("size", 224), null));
  }

  @Test
  void aNumberIsTheSameHoweverItIsWritten() {
    assertThat(RecipeDifference.of(List.of(Map.of("a", 3, "b", 1L), Map.of("a", 3.0, "b", 1))))
        .isEmpty();
    assertThat(RecipeDifference.of(List.of(Map.of("a", 3), Map.of("a", 3.5)))).hasSize(1);
  }

  private static Map<String, Object> tree(String preset) {
    return RecipeReader.tree(RecipeReader.read(preset, null));
  }
}
