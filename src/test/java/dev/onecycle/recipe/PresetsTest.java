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
    assertThat(fast.phases()).hasSize(1);
    Phase phase = fast.phases().get(0);
    assertThat(phase.plan())
        .containsExactly(new Stretch(64, 64, 8), new Stretch(96, 64, 4), new Stretch(112, 64, 3));
    assertThat(fast.totalEpochs()).isEqualTo(15);
    // What it trains on is as large in its windows as in the whole pictures that it is judged at.
    assertThat(fast.augmentation().randomCropMinScale())
        .isEqualTo(fast.augmentation().randomCropMaxScale());
    double window = Math.sqrt(fast.augmentation().randomCropMinScale());
    assertThat(window * phase.size()).isEqualTo(112);
    assertThat(fast.itemSize()).isEqualTo(phase.size());
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
