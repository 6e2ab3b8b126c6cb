package dev.onecycle.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Single transforms of a 96x80 picture against fastai. */
class GeometryTest {

  private static final Goldens GOLDENS = new Goldens("E_transforms", "transforms.safetensors");

  /** The noise of fastai's own 32-bit coordinates. */
  private static final float TOLERANCE = 2e-5f;

  private final FloatPicture source = FloatPicture.of(FormulaPicture.of(96, 80, 0));

  @ParameterizedTest
  @CsvSource({
    "A.flip,            true,   0,   1, .5, .5,  0,   0",
    "A.rotate10,        false, 10,   1, .5, .5,  0,   0",
    "A.rotate10.s64,    false, 10,   1, .5, .5,  0,   0",
    "A.rotate-7.s64,    false, -7,   1, .5, .5,  0,   0",
    "A.zoom1.1.c,       false,  0, 1.1, .5, .5,  0,   0",
    "A.zoom1.1.p2_8.s64,false,  0, 1.1, .2, .8,  0,   0",
    "A.warp.s64,        false,  0,   1, .5, .5, .2, -.1",
    "A.warp.2_2,        false,  0,   1, .5, .5, .2,  .2",
    "A.identity.s64,    false,  0,   1, .5, .5,  0,   0",
    "A.composed_affine, true,  10, 1.1, .2, .8, .2, -.1",
  })
  void equalsFastai(
      String name,
      boolean flip,
      double degrees,
      double zoom,
      double zoomX,
      double zoomY,
      double warpX,
      double warpY) {
    ViewDraw draw = new ViewDraw(.5, .5, flip, degrees, zoom, zoomX, zoomY, warpX, warpY, .5, 1);
    JsonNode golden = GOLDENS.entry(name);

    FloatPicture out =
        Geometry.of(draw)
            .sample(source, golden.get("shape").get(2).asInt(), golden.get("shape").get(1).asInt());

    new Plane(out).assertClose(GOLDENS, name, TOLERANCE, 1e-6);
  }

  @ParameterizedTest
  @CsvSource({"A.warp.s64, .2, -.1", "A.warp.2_2, .2, .2"})
  void theWarpHasThreeCoefficientsWhereFastaiSolvesForEight(String name, double x, double y) {
    Geometry geometry = Geometry.of(new ViewDraw(.5, .5, false, 0, 1, .5, .5, x, y, .5, 1));

    double a = geometry.a;
    double p = geometry.p;
    double q = geometry.q;
    double[] all = {1, a, p, a, 1, q, p, q};
    for (int i = 0; i < 8; i++) {
      assertThat(all[i])
          .isCloseTo(GOLDENS.entry(name).get("coeffs").get(i).asDouble(), within(1e-12));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "A.bright.3, .3, 1",
    "A.bright.6, .6, 1",
    "A.contrast1.2, .5, 1.2",
    "A.contrast0.8, .5, .8",
  })
  void lightingEqualsFastai(String name, double brightness, double contrast) {
    Lighting.apply(source.rgb(), brightness, contrast);

    new Plane(source).assertClose(GOLDENS, name, 1e-6f, 1e-6);
  }

  @Test
  void geometryThenLightingEqualsFastai() {
    FloatPicture out =
        Geometry.of(new ViewDraw(.5, .5, true, 10, 1.1, .2, .8, .2, -.1, .5, 1))
            .sample(source, 96, 80);
    Lighting.apply(out.rgb(), .45, 1.2);

    new Plane(out).assertClose(GOLDENS, "A.composed_full", 3e-5f, 1e-6);
  }

  @Test
  void averagesLikeAdaptivePooling() {
    FloatPicture picture = new FloatPicture(3, 1, new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8});

    assertThat(picture.average(2, 1).rgb()).containsExactly(1.5f, 2.5f, 3.5f, 4.5f, 5.5f, 6.5f);
  }

  @Test
  void onePixelGivesOneColour() {
    FloatPicture one = new FloatPicture(1, 1, new float[] {.1f, .2f, .3f});

    assertThat(
            Geometry.of(new ViewDraw(.5, .5, true, 45, 2, 0, 0, .1, .1, .5, 1)).sample(one, 2, 1))
        .satisfies(out -> assertThat(out.rgb()).containsExactly(.1f, .2f, .3f, .1f, .2f, .3f));
    assertThat(one.resize(1).rgb()).containsExactly(.1f, .2f, .3f);
  }
}
