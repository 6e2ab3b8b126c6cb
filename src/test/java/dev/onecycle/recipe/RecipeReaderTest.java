package dev.onecycle.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import dev.onecycle.network.Architecture;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeReaderTest {

  private static List<FieldError> errors(Object recipe, Map<String, ?> overrides) {
    Failure.Invalid failure =
        catchThrowableOfType(Failure.Invalid.class, () -> RecipeReader.read(recipe, overrides));
    assertThat(failure).as("refusal").isNotNull();
    return failure.errors();
  }

  private static FieldError error(Object recipe, Map<String, ?> overrides) {
    List<FieldError> errors = errors(recipe, overrides);
    assertThat(errors).hasSize(1);
    return errors.get(0);
  }

  @Test
  void absentFieldsAreFastaisDefaults() {
    Recipe recipe = RecipeReader.read(Map.of(), null);
    assertThat(recipe).isEqualTo(Presets.named("normalized").recipe());
    assertThat(recipe.optimizer())
        .isEqualTo(new Optimizer(Optimizer.Kind.ADAMW, 0.01, 0.99, 1e-5, null));
    Phase phase = recipe.phases().get(0);
    assertThat(phase.pctStart()).isEqualTo(0.25);
    assertThat(phase.div()).isEqualTo(25);
    assertThat(phase.divFinal()).isEqualTo(1e5);
    assertThat(phase.momentum()).containsExactly(0.95, 0.85, 0.95);
  }

  @Test
  void fineTuneHasItsOwnDefaults() {
    Map<String, ?> inline = Map.of("phases", List.of(Map.of("policy", "fine-tune")));
    Phase phase = RecipeReader.read(inline, null).phases().get(0);
    assertThat(phase.freezeEpochs()).isEqualTo(1);
    assertThat(phase.pctStart()).isEqualTo(0.3);
    assertThat(phase.div()).isEqualTo(5);
    assertThat(phase.learningRateMultiplier()).isEqualTo(100);
    assertThat(phase.totalEpochs()).isEqualTo(6);
  }

  @Test
  void aPlanSaysWhatItsPhaseDoesNot() {
    Map<String, ?> small = Map.of("size", 64, "batchSize", 32, "epochs", 3);
    Map<String, ?> large = Map.of("size", 96, "batchSize", 16, "epochs", 2);
    Map<String, ?> inline = Map.of("phases", List.of(Map.of("plan", List.of(small, large))));
    Phase phase = RecipeReader.read(inline, null).phases().get(0);
    assertThat(phase.size()).isEqualTo(96);
    assertThat(phase.batchSize()).isEqualTo(32);
    assertThat(phase.totalEpochs()).isEqualTo(5);
    assertThat(phase.stretches())
        .containsExactly(new Stretch(64, 32, 3), new Stretch(96, 16, 2))
        .isEqualTo(phase.plan());
    assertThat(phase.stretchAt(2).size()).isEqualTo(64);
    assertThat(phase.stretchAt(3).size()).isEqualTo(96);
    assertThat(phase.stretchAt(99).size()).as("a sweep may take longer").isEqualTo(96);
    Recipe longer =
        RecipeReader.read(
            inline,
            Map.of("phases[0].size", 128, "phases[0].plan[1].epochs", 4, "validateEvery", 3));
    assertThat(longer.totalEpochs()).isEqualTo(7);
    assertThat(longer.phases().get(0).size()).isEqualTo(128);
    assertThat(IntStream.range(0, 7).filter(epoch -> longer.validates(epoch, 7)).boxed())
        .containsExactly(2, 5, 6);
  }

  @Test
  void aListIsSetBeforeWhatIsSetInsideOfIt() {
    Map<String, ?> stretch = Map.of("size", 64, "batchSize", 32, "epochs", 3);
    Map<String, Object> overrides = new LinkedHashMap<>();
    overrides.put("phases[0].plan[1].size", 48);
    overrides.put("phases[0].epochs", 6);
    overrides.put("phases[0].plan", List.of(stretch, stretch));
    assertThat(RecipeReader.read("smoke", overrides).phases().get(0).plan())
        .containsExactly(new Stretch(64, 32, 3), new Stretch(48, 32, 3));
  }

  @Test
  void aPlanThatDoesNotFitItsPhaseIsRefused() {
    Map<String, ?> stretch = Map.of("size", 96, "batchSize", 32, "epochs", 3);
    Map<String, Object> phase = new HashMap<>(Map.of("plan", List.of(stretch)));
    phase.put("epochs", 5);
    FieldError epochs = error(Map.of("phases", List.of(phase)), null);
    assertThat(epochs.field()).isEqualTo("phases[0].epochs");
    assertThat(epochs.message()).isEqualTo("5 are not the plan's 3; set both");
    phase.put("epochs", 3);
    phase.put("policy", "fine-tune");
    assertThat(error(Map.of("phases", List.of(phase)), null).field()).isEqualTo("phases[0].plan");
    phase.remove("policy");
    phase.put("size", 64);
    Map<String, ?> recipe = Map.of("itemSize", 72, "phases", List.of(phase));
    assertThat(error(recipe, null).field()).isEqualTo("phases[0].plan[0].size");
    assertThat(error(recipe, null).message())
        .isEqualTo("size 96 > itemSize 72, which it is made from");
    phase.put("plan", List.of(Map.of("size", 16), 5, Map.of("epoch", 1)));
    assertThat(errors(Map.of("phases", List.of(phase)), null))
        .extracting(FieldError::field)
        .containsExactly("phases[0].plan[0].size", "phases[0].plan[1]", "phases[0].plan[2].epoch");
  }

  /** Rows and manifests of before have none of the fields that came later. */
  @Test
  void anOldRecipeReadsAsItWas() {
    Map<String, Object> old = RecipeReader.tree(Presets.named("progressive").recipe());
    List.of("validateEvery", "activation", "pooling", "selfAttention").forEach(old::remove);
    ((Map<?, ?>) old.get("optimizer")).remove("kind");
    phases(old).forEach(phase -> phase.remove("plan"));
    List.of("alternateFlip", "randomCropMaxScale", "randomCropPerPicture")
        .forEach(((Map<?, ?>) old.get("augmentation"))::remove);
    assertThat(RecipeReader.read(old, null)).isEqualTo(Presets.named("progressive").recipe());
  }

  @SuppressWarnings("unchecked") // trees are made of such maps and lists only
  private static List<Map<String, Object>> phases(Map<String, Object> recipe) {
    return (List<Map<String, Object>>) recipe.get("phases");
  }

  @Test
  void everyOptimizerHasItsOwnDefaults() {
    Optimizer ranger =
        RecipeReader.read(Map.of("optimizer", Map.of("kind", "ranger")), null).optimizer();
    assertThat(ranger).isEqualTo(new Optimizer(Optimizer.Kind.RANGER, 0.01, 0.99, 1e-6, null));
    Optimizer sgd = RecipeReader.read(Map.of("optimizer", Map.of("kind", "sgd")), null).optimizer();
    assertThat(sgd.weightDecay()).isZero();
    FieldError unknown = error(Map.of("optimizer", Map.of("kind", "rangr")), null);
    assertThat(unknown.message()).contains("'ranger'");
  }

  @Test
  void flatCosineBeginsAtItsHighestRate() {
    Map<String, ?> inline = Map.of("phases", List.of(Map.of("policy", "flat-cosine")));
    Phase phase = RecipeReader.read(inline, null).phases().get(0);
    assertThat(phase.pctStart()).isEqualTo(0.75);
    assertThat(phase.div()).isEqualTo(1);
    assertThat(phase.momentum()).containsExactly(0.95, 0.95, 0.95);
    FieldError div = error("smoke", Map.of("phases[0].policy", "flat-cosine"));
    assertThat(div.field()).isEqualTo("phases[0].div");
    assertThat(div.limit()).isEqualTo(1);
  }

  @Test
  void everyPresetReadsBackFromItsTree() {
    for (Preset preset : Presets.all()) {
      Recipe again = RecipeReader.read(RecipeReader.tree(preset.recipe()), null);
      assertThat(again).as(preset.name()).isEqualTo(preset.recipe());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "itemSize, 31, 32",
    "itemSize, 1025, 1024",
    "labelSmoothing, -0.1, 0",
    "labelSmoothing, 1.0, 0.9",
    "ema, 0.1, 0.5",
    "ema, 1.0, 0.99999",
    "phases[0].size, 16, 32",
    "phases[0].batchSize, 1, 2",
    "phases[0].batchSize, 4097, 4096",
    "phases[0].accumulate, 0, 1",
    "phases[0].epochs, 0, 1",
    "phases[0].epochs, 1001, 1000",
    "phases[0].learningRate, 0.0, 1.0E-8",
    "phases[0].learningRate, 11.0, 10",
    "phases[0].pctStart, 1.0, 0.99",
    "phases[0].div, 0.5, 1",
    "phases[0].divFinal, 0.5, 1",
    "phases[0].freezeEpochs, -1, 0",
    "phases[0].learningRateMultiplier, 0.1, 1",
    "phases[0].parameterGroups, 4, 3",
    "optimizer.weightDecay, 2.0, 1",
    "optimizer.sqrMomentum, 1.0, 0.99999",
    "optimizer.epsilon, 0.0, 1.0E-12",
    "optimizer.gradientClip, 0.0, 1.0E-6",
    "mixup.alpha, 0.0, 0.01",
    "earlyStopping.patience, 0, 1",
    "tta.views, 65, 64",
    "tta.beta, 1.5, 1",
    "augmentation.maxRotate, 181.0, 180",
    "augmentation.flipProbability, -1.0, 0"
  })
  void aNumberOutOfRangeNamesItsValueAndLimit(String path, String value, String limit) {
    Number number = value.contains(".") ? (Number) Double.valueOf(value) : Integer.valueOf(value);
    FieldError error = error("smoke", Map.of(path, number));
    assertThat(error.field()).isEqualTo(path);
    assertThat(error.value()).isEqualTo(number);
    assertThat(error.limit()).hasToString(limit);
    assertThat(error.message()).contains(value).contains(limit);
  }

  @Test
  void aPhaseThatIsNotFineTuneNeitherFreezesNorSplits() {
    List<FieldError> errors =
        errors("smoke", Map.of("phases[0].freezeEpochs", 1, "phases[0].parameterGroups", 2));
    assertThat(errors)
        .extracting(FieldError::field)
        .containsExactly("phases[0].freezeEpochs", "phases[0].parameterGroups");
  }

  @Test
  void picturesCannotGrowBeyondTheItemSize() {
    FieldError error = error("smoke", Map.of("phases[0].size", 128));
    assertThat(error.message()).isEqualTo("size 128 > itemSize 72, which it is made from");
  }

  @Test
  void aBatchFitsInOneBuffer() {
    FieldError error = error("baseline", Map.of("phases[0].batchSize", 4096));
    assertThat(error.message()).isEqualTo("batch 4096 of 224px > 3566, which is 2 GB");
  }

  @Test
  void listsHaveLengths() {
    assertThat(error(Map.of("phases", List.of()), null).message())
        .contains("0 entries < minimum 1");
    List<Map<String, ?>> many = Collections.nCopies(17, Map.of());
    assertThat(error(Map.of("phases", many), null).limit()).isEqualTo(16);
    assertThat(error("smoke", Map.of("phases[0].momentum", List.of(0.9))).limit()).isEqualTo(3);
    assertThat(error("smoke", Map.of("phases[0].momentum[1]", 1.0)).field())
        .isEqualTo("phases[0].momentum[1]");
  }

  @Test
  void unknownFieldsNameTheNearest() {
    FieldError top = error(Map.of("architectur", "xresnet18"), null);
    assertThat(top.message()).contains("did you mean 'architecture'?");
    FieldError deep = error(Map.of("phases", List.of(Map.of("epoch", 3))), null);
    assertThat(deep.field()).isEqualTo("phases[0].epoch");
    assertThat(deep.limit()).isEqualTo("phases[0].epochs");
    FieldError word = error(Map.of("precision", "bfloat"), null);
    assertThat(word.message()).contains("'bfloat16'");
    FieldError network = error(Map.of("architecture", "resnet50"), null);
    assertThat(network.message()).contains("'xresnet50'");
  }

  @Test
  void everythingThatIsWrongIsNamedAtOnce() {
    Map<String, ?> recipe =
        Map.of(
            "labelSmoothing",
            2,
            "seed",
            "x",
            "phases",
            List.of(Map.of("size", 1, "epochs", 0), Map.of("policy", "cyclic")));
    assertThat(errors(recipe, null))
        .extracting(FieldError::field)
        .containsExactlyInAnyOrder(
            "labelSmoothing", "seed", "phases[0].size", "phases[0].epochs", "phases[1].policy");
  }

  @Test
  void wrongTypesNameTheField() {
    assertThat(error(Map.of("itemSize", "large"), null).message()).contains("whole number");
    assertThat(error(Map.of("itemSize", 64.5), null).message()).contains("whole number");
    assertThat(error(Map.of("itemSize", 1L << 40), null).message()).contains("32 bits");
    assertThat(error(Map.of("labelSmoothing", true), null).message()).contains("a number");
    assertThat(error(Map.of("labelSmoothing", Double.NaN), null).message())
        .contains("not a number");
    assertThat(error(Map.of("phases", Map.of()), null).message()).contains("a list");
    assertThat(error(Map.of("phases", List.of(5)), null).field()).isEqualTo("phases[0]");
    assertThat(error(Map.of("mixup", 0.4), null).message()).contains("an object");
    assertThat(error(Map.of("augmentation", Map.of("randomPosition", 1)), null).message())
        .contains("true or false");
    assertThat(error(Map.of("split", 5), null).message()).contains("a string");
    assertThat(error(List.of(), null).field()).isEqualTo("recipe");
    Map<String, Object> nothing = new HashMap<>();
    nothing.put("seed", null);
    assertThat(error(nothing, null).message()).contains("must not be null");
    assertThat(error(null, null).field()).isEqualTo("recipe");
  }

  @Test
  void anUnknownPresetNamesTheNearest() {
    Failure.Invalid failure =
        catchThrowableOfType(Failure.Invalid.class, () -> RecipeReader.read("progresive", null));
    assertThat(failure).hasMessageContaining("'progressive'");
  }

  @Test
  void overridesReachEveryDepthAndLeaveThePresetAlone() {
    Recipe recipe =
        RecipeReader.read(
            "progressive",
            Map.of(
                "phases[1].epochs", 2, "mixup.alpha", 0.2, "optimizer.gradientClip", 1, "seed", 7));
    assertThat(recipe.phases().get(1).epochs()).isEqualTo(2);
    assertThat(recipe.mixup()).isEqualTo(new Mixup(0.2));
    assertThat(recipe.optimizer().gradientClip()).isEqualTo(1.0);
    assertThat(recipe.seed()).isEqualTo(7);
    assertThat(Presets.named("progressive").recipe().seed()).isEqualTo(42);
    Map<String, Object> off = new HashMap<>();
    off.put("tta", null);
    assertThat(RecipeReader.read("progressive", off).tta()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"phases[0].epoch", "phase[0].epochs", "sed", "optimizer.wd"})
  void anUnknownOverrideNamesTheNearestOrTheLimit(String path) {
    assertThat(errors("smoke", Map.of(path, 1))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a..b",
        "phases[x].size",
        "phases[1].size",
        "phases[99999].size",
        "seed.x"
      })
  void aPathThatLeadsNowhereIsRefused(String path) {
    assertThat(error("smoke", Map.of(path, 1)).field()).isEqualTo("overrides");
  }

  @Test
  void recipesKnowExactlyTheNetworksThatExist() {
    assertThat(RecipeSchema.schema())
        .extractingByKey("properties", MAP)
        .extractingByKey("architecture", MAP)
        .extractingByKey("enum", LIST)
        .containsExactlyInAnyOrderElementsOf(Architecture.names());
  }

  /** Each would be looked at for a while: a small body would keep a core busy for minutes. */
  @Test
  void listsThatAreTooLongAreNotRead() {
    Map<String, ?> phases = Map.of("phases", Collections.nCopies(100_000, Map.of()));
    assertThat(errors("smoke", phases))
        .singleElement()
        .satisfies(error -> assertThat(error.message()).isEqualTo("100000 entries > maximum 16"));
    Map<String, ?> momentum = Map.of("phases[0].momentum", Collections.nCopies(100_000, 7));
    assertThat(errors("smoke", momentum)).hasSize(1);
  }
}
