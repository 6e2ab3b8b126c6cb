package dev.onecycle.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.platform.Failure;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AugmentationTest {

  private static final Goldens GOLDENS = new Goldens("E_transforms", "transforms.safetensors");
  private static final int DRAWS = 20_000;

  /** Five standard errors of a share of 20,000. */
  private static final double SHARE = 5 * Math.sqrt(.25 / DRAWS);

  private final SplittableRandom random = new SplittableRandom(42);
  private final List<ViewDraw> draws =
      Stream.generate(() -> Augmentation.fastai().draw(random)).limit(DRAWS).toList();

  @Test
  void drawsAreDistributedLikeFastais() {
    JsonNode golden = GOLDENS.entry("_draw_statistics_20000_items");

    assertShare(golden, "flip_frac", ViewDraw::flip);
    assertShare(golden, "rotate_zero_frac", draw -> draw.degrees() == 0);
    assertShare(golden, "zoom_one_frac", draw -> draw.zoom() == 1);
    assertShare(golden, "warp_zero_frac", draw -> draw.warpX() == 0);
    assertShare(golden, "warp_zero_frac", draw -> draw.warpY() == 0);
    assertShare(golden, "bright_neutral_frac", draw -> draw.brightness() == .5);
    assertShare(golden, "contrast_neutral_frac", draw -> draw.contrast() == 1);
    assertRange(golden, "rotate_range", ViewDraw::degrees, .05);
    assertRange(golden, "zoom_range", ViewDraw::zoom, .001);
    assertRange(golden, "warp_range", ViewDraw::warpX, .001);
    assertRange(golden, "warp_range", ViewDraw::warpY, .001);
    assertRange(golden, "bright_range", ViewDraw::brightness, .001);
    assertRange(golden, "contrast_range", ViewDraw::contrast, .002);
    double squares =
        draws.stream()
            .mapToDouble(ViewDraw::degrees)
            .filter(degrees -> degrees != 0)
            .map(degrees -> degrees * degrees)
            .average()
            .orElseThrow();
    assertThat(Math.sqrt(squares))
        .isCloseTo(golden.get("rotate_std_nonzero").asDouble(), within(.1));
    assertThat(
            draws.stream().mapToDouble(draw -> Math.log(draw.contrast())).average().orElseThrow())
        .isCloseTo(golden.get("contrast_log_uniform_mean_log").asDouble(), within(.005));
  }

  @Test
  void directionsOfWarpAreIndependent() {
    double both =
        draws.stream().filter(draw -> draw.warpX() != 0 && draw.warpY() != 0).count()
            / (double) DRAWS;

    assertThat(both).isCloseTo(.75 * .75, within(SHARE));
  }

  @Test
  void cropsAreDistributedLikeFastais() {
    JsonNode golden = GOLDENS.entry("_rrc_crop_side_stats");
    List<BatchCrop> crops =
        Stream.generate(() -> Augmentation.fastai().drawCrop(random, 460)).limit(DRAWS).toList();

    assertThat(crops.stream().mapToInt(BatchCrop::side).min().orElseThrow())
        .isEqualTo(golden.get("min").asInt());
    assertThat(crops.stream().mapToInt(BatchCrop::side).max().orElseThrow())
        .isEqualTo(golden.get("max").asInt());
    assertThat(crops.stream().mapToInt(BatchCrop::side).average().orElseThrow())
        .isCloseTo(golden.get("mean").asDouble(), within(.7));
    assertThat(crops.stream().filter(crop -> crop.side() > 448).count() / (double) DRAWS)
        .isCloseTo(golden.get("frac_gt_448").asDouble(), within(SHARE));
    assertThat(crops)
        .allMatch(crop -> crop.top() + crop.side() <= 460 && crop.left() + crop.side() <= 460)
        .anyMatch(crop -> crop.side() < 450 && crop.top() + crop.side() == 460);
  }

  @Test
  void noneDrawsThePlainView() {
    Augmentation none = Augmentation.none();

    for (int i = 0; i < 100; i++) {
      ViewDraw draw = none.draw(random);
      assertThat(draw.x()).isEqualTo(.5);
      assertThat(draw.isStill()).isTrue();
      assertThat(draw.isUnlit()).isTrue();
      assertThat(none.drawCrop(random, 460)).isEqualTo(BatchCrop.whole(460));
    }
  }

  @Test
  void theSameSeedDrawsTheSameNumbers() {
    assertThat(Augmentation.fastai().draw(new SplittableRandom(7)))
        .isEqualTo(Augmentation.fastai().draw(new SplittableRandom(7)))
        .isNotEqualTo(Augmentation.fastai().draw(new SplittableRandom(8)));
  }

  @Test
  void valuesOutsideTheirLimitsAreAllNamed() {
    assertThatThrownBy(
            () ->
                new Augmentation(true, 1.5, false, 10, 2, 1, .2, .75, Double.NaN, .75, 0, 1, false))
        .isInstanceOfSatisfying(
            Failure.Invalid.class,
            failure ->
                assertThat(failure.errors())
                    .extracting(Failure.FieldError::field)
                    .containsExactly("flipProbability", "maxLighting", "randomCropMinScale"))
        .hasMessageContaining("flipProbability: 1.5 > maximum 1");
    assertThatThrownBy(
            () -> new Augmentation(true, .5, false, 10, 2, 1, .2, .75, .2, .75, .75, 1, false))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("maxZoom: 1.0 < minZoom 2.0");
    assertThatThrownBy(
            () -> new Augmentation(true, 0, true, 10, 1, 1, .2, .75, .2, .75, .75, .5, false))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("randomCropMaxScale: 0.5 < randomCropMinScale 0.75")
        .hasMessageEndingWith("(and 1 more)");
  }

  @Test
  void aCropOfOneScaleIsAWindow() {
    Augmentation window =
        new Augmentation(false, 0, false, 0, 1, 1, 0, 0, 0, 0, .765625, .765625, true);
    List<BatchCrop> crops =
        Stream.generate(() -> window.drawCrop(random, 128)).limit(DRAWS).toList();
    assertThat(crops).extracting(BatchCrop::side).containsOnly(112);
    assertThat(crops.stream().mapToInt(BatchCrop::left).average().orElseThrow())
        .isCloseTo(8, within(.2));
    assertThat(crops).extracting(BatchCrop::top).contains(0, 16);
  }

  @Test
  void alternatingFlipsAreDrawnOnceAndTurned() {
    Augmentation alternating = new Augmentation(false, .3, true, 0, 1, 1, 0, 0, 0, 0, 1, 1, false);
    int flipped = 0;
    for (int picture = 0; picture < DRAWS; picture++) {
      boolean[] epochs = new boolean[4];
      for (int epoch = 0; epoch < 4; epoch++) {
        epochs[epoch] = alternating.drawFlip(new SplittableRandom(picture), epoch);
      }
      assertThat(epochs).containsExactly(epochs[0], !epochs[0], epochs[0], !epochs[0]);
      flipped += epochs[0] ? 1 : 0;
    }
    assertThat((double) flipped / DRAWS).isCloseTo(.3, within(SHARE));
  }

  @Test
  void normalizationsNeedThreePositiveDeviations() {
    assertThatThrownBy(() -> new Normalization(List.of(0., 0., 0.), List.of(1., 0., 1.)))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("std [1.0, 0.0, 1.0]");
    assertThatThrownBy(() -> new Normalization(List.of(0., Double.NaN, 0.), List.of(1., 1., 1.)))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("mean");
  }

  private void assertShare(JsonNode golden, String name, Predicate<ViewDraw> holds) {
    assertThat(draws.stream().filter(holds).count() / (double) DRAWS)
        .as(name)
        .isCloseTo(golden.get(name).asDouble(), within(SHARE));
  }

  private void assertRange(
      JsonNode golden, String name, ToDoubleFunction<ViewDraw> number, double tolerance) {
    JsonNode range = golden.get(name);
    assertThat(draws.stream().mapToDouble(number).min().orElseThrow())
        .as(name)
        .isCloseTo(range.get(0).asDouble(), within(tolerance));
    assertThat(draws.stream().mapToDouble(number).max().orElseThrow())
        .as(name)
        .isCloseTo(range.get(1).asDouble(), within(tolerance));
  }
}
