package dev.onecycle.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.image.Augmentation;
import dev.onecycle.platform.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The presets against the notebook's cells, number for number. */
class PresetsTest {

  private static final List<Double> MOMENTUM = List.of(0.95, 0.85, 0.95);

  private static Recipe named(String name) {
    return Presets.named(name).recipe();
  }

  private static Phase oneCycle(int size, int batchSize, int epochs) {
    return new Phase(
        Phase.Policy.ONE_CYCLE,
        size,
        batchSize,
        1,
        epochs,
        3e-3,
        0.25,
        25,
        1e5,
        MOMENTUM,
        0,
        100,
        1,
        List.of());
  }

  private static Phase fineTune(int parameterGroups) {
    return new Phase(
        Phase.Policy.FINE_TUNE,
        224,
        64,
        1,
        5,
        1e-3,
        0.3,
        5,
        1e5,
        MOMENTUM,
        1,
        100,
        parameterGroups,
        List.of());
  }

  @Test
  void theNotebooksSections() {
    assertThat(named("baseline").normalize()).isEqualTo(Recipe.Normalization.NONE);
    assertThat(named("baseline").phases()).containsExactly(oneCycle(224, 64, 5));
    assertThat(named("normalized").normalize()).isEqualTo(Recipe.Normalization.IMAGENET);
    assertThat(named("normalized").phases()).containsExactly(oneCycle(224, 64, 5));
    assertThat(named("label-smoothing").phases()).containsExactly(oneCycle(128, 128, 5));
    assertThat(named("label-smoothing").labelSmoothing()).isEqualTo(0.1);
    assertThat(named("mixup").phases()).containsExactly(oneCycle(128, 128, 5));
    assertThat(named("mixup").mixup()).isEqualTo(new Mixup(0.4));
    for (String name : List.of("baseline", "normalized", "label-smoothing", "mixup")) {
      assertThat(named(name).architecture()).isEqualTo("xresnet50");
      assertThat(named(name).itemSize()).isEqualTo(460);
      assertThat(named(name).augmentation()).isEqualTo(Augmentation.fastai());
      assertThat(named(name).tta()).isNull();
    }
  }

  @Test
  void progressiveResizingAsItRanAndAsItWasMeant() {
    Recipe ran = named("notebook-progressive");
    assertThat(ran.phases()).containsExactly(oneCycle(128, 128, 4), fineTune(1));
    assertThat(ran.split()).isEqualTo(Recipe.Split.REDRAW_EACH_PHASE);
    assertThat(ran.tta()).isEqualTo(new Tta(4, 0.25, Tta.Combine.MEAN));
    Recipe meant = named("progressive");
    assertThat(meant.phases()).containsExactly(oneCycle(128, 128, 4), fineTune(2));
    assertThat(meant.split()).isEqualTo(Recipe.Split.DATASET);
  }

  @Test
  void fastIsOneCycleOverThreeSizes() {
    Recipe fast = named("fast");
    assertThat(fast.phases().get(0).plan())
        .containsExactly(new Stretch(64, 64, 8), new Stretch(96, 64, 4), new Stretch(112, 64, 3));
    assertThat(fast.totalEpochs()).isEqualTo(15);
    assertSeenInTheScaleItIsJudgedAt(fast, 112);
  }

  @Test
  void bestIsFastOnLargerPicturesForLonger() {
    Recipe best = named("best");
    assertThat(best.totalEpochs()).isEqualTo(20);
    assertThat(best.network()).isEqualTo(named("fast").network());
    assertThat(best.phases().get(0).size()).isEqualTo(160);
    assertSeenInTheScaleItIsJudgedAt(best, 128);
  }

  /** At last it trains on windows in which things are as large as where it is judged. */
  private static void assertSeenInTheScaleItIsJudgedAt(Recipe recipe, int lastSize) {
    assertThat(recipe.phases()).hasSize(1);
    Phase phase = recipe.phases().get(0);
    assertThat(phase.plan().get(phase.plan().size() - 1).size()).isEqualTo(lastSize);
    assertThat(recipe.augmentation().randomCropMinScale())
        .isEqualTo(recipe.augmentation().randomCropMaxScale());
    double window = Math.sqrt(recipe.augmentation().randomCropMinScale());
    assertThat(window * phase.size()).isEqualTo(lastSize);
    assertThat(recipe.itemSize()).isEqualTo(phase.size());
  }

  /** As the notebook behind the row has it. */
  @Test
  void leaderboardIsTheRowForFiveEpochsAt128Pixels() {
    Recipe row = named("leaderboard");
    assertThat(row.network())
        .isEqualTo(new NetworkKind("xse_resnext50", Activation.MISH, Pooling.MAXBLUR, true));
    assertThat(row.optimizer())
        .isEqualTo(new Optimizer(Optimizer.Kind.RANGER, 0.01, 0.99, 1e-6, null));
    Phase phase = row.phases().get(0);
    assertThat(row.phases()).hasSize(1);
    assertThat(phase.policy()).isEqualTo(Phase.Policy.FLAT_COSINE);
    assertThat(phase.size()).isEqualTo(128);
    assertThat(phase.batchSize()).isEqualTo(32);
    assertThat(phase.epochs()).isEqualTo(5);
    assertThat(phase.learningRate()).isEqualTo(8e-3);
    assertThat(phase.pctStart()).isEqualTo(0.75);
    assertThat(phase.div()).isEqualTo(1);
    assertThat(phase.divFinal()).isEqualTo(1e5);
    assertThat(phase.momentum()).containsOnly(0.95);
    assertThat(row.normalize()).isEqualTo(Recipe.Normalization.NONE);
    assertThat(row.itemSize()).isEqualTo(128);
    assertThat(row.labelSmoothing()).isEqualTo(0.1);
    assertThat(row.mixup()).isNull();
    Augmentation seen = row.augmentation();
    assertThat(seen.randomPosition()).isTrue();
    assertThat(seen.flipProbability()).isEqualTo(0.5);
    assertThat(List.of(seen.maxRotate(), seen.maxWarp(), seen.maxLighting())).containsOnly(0.0);
    assertThat(List.of(seen.maxZoom(), seen.randomCropMinScale(), seen.randomCropMaxScale()))
        .containsOnly(1.0);
  }

  /** fastai's fine_tune where nobody says otherwise, with a learner of pretrained weights. */
  @Test
  void finetuneIsFastaisWithAllThatAPretrainedBodyBrings() {
    Recipe finetune = named("finetune");
    assertThat(finetune.normalize()).isEqualTo(Recipe.Normalization.CHECKPOINT);
    Phase phase = finetune.phases().get(0);
    assertThat(finetune.phases()).hasSize(1);
    assertThat(phase.policy()).isEqualTo(Phase.Policy.FINE_TUNE);
    assertThat(phase.freezeEpochs()).isEqualTo(1);
    assertThat(phase.learningRate()).isEqualTo(2e-3);
    assertThat(phase.learningRateMultiplier()).isEqualTo(100);
    assertThat(phase.parameterGroups()).isEqualTo(3);
    assertThat(phase.pctStart()).isEqualTo(0.3);
    assertThat(phase.div()).isEqualTo(5);
  }

  @Test
  void anUnknownNameMeetsTheNearest() {
    assertThatThrownBy(() -> Presets.named("basline"))
        .isInstanceOf(Failure.NotFound.class)
        .hasMessage("unknown recipe 'basline': did you mean 'baseline'?");
  }
}
