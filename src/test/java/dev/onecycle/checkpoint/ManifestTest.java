package dev.onecycle.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.onecycle.image.Chain;
import dev.onecycle.image.Normalization;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.recipe.NetworkKind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestTest {

  private static final Preprocessing PREPROCESSING =
      new Preprocessing(72, 64, Normalization.none());

  @Test
  void everythingThatIsWrongIsNamed() {
    List<String> labels = List.of("cat", "", "cat", "a\nb", "x".repeat(201));
    Failure.Invalid failure =
        catchThrowableOfType(
            Failure.Invalid.class,
            () ->
                new Manifest(
                    2, "resnet18", null, null, null, labels, null, null, null, null, null, null));
    assertThat(failure.errors())
        .extracting(FieldError::field)
        .containsExactly(
            "formatVersion",
            "architecture",
            "labels[1]",
            "labels[2]",
            "labels[3]",
            "labels[4]",
            "preprocessing");
    assertThat(failure.errors().get(1).message()).contains("'xresnet18'");
  }

  @Test
  void aClassifierHasAtLeastTwoLabels() {
    for (List<String> labels : List.of(List.of("one"), Collections.nCopies(10_001, "x"))) {
      assertThatThrownBy(
              () ->
                  new Manifest(
                      NetworkKind.plain("xresnet18"), labels, PREPROCESSING, null, null, null))
          .isInstanceOf(Failure.Invalid.class)
          .hasMessage("labels: " + labels.size() + " labels, allowed are 2 to 10000");
    }
  }

  @Test
  void aBodyHasNoneAndNoHead() {
    Manifest body =
        new Manifest(NetworkKind.plain("xresnet18"), List.of(), PREPROCESSING, null, null, null);
    assertThat(body.isBody()).isTrue();
    assertThat(body.layout().entries()).noneMatch(entry -> entry.name().startsWith("11."));
  }

  @Test
  void aPictureIsMadeFromALargerOne() {
    assertThatThrownBy(() -> new Preprocessing(64, 72, Normalization.none()))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("size 72 > itemSize 64");
    assertThatThrownBy(() -> new Preprocessing(2048, 16, Normalization.none()))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("2048 > maximum 1024");
  }

  @Test
  void oldWeightsKeepTheirSharpPixelsAndForeignOnesGetFastais() {
    Preprocessing unnamed = new Preprocessing(72, 64, Normalization.none(), null);
    List<String> labels = List.of("ant", "bee");
    assertThat(chain(unnamed, labels, Map.of("architecture", "xresnet18"))).isEqualTo(Chain.SHARP);
    assertThat(chain(unnamed, labels, null)).isEqualTo(Chain.FASTAI);
    assertThat(chain(PREPROCESSING, labels, Map.of())).isEqualTo(Chain.FASTAI);
    assertThat(new SelfTest(1, List.of(), null).chain()).isEqualTo(Chain.SHARP);
  }

  private static Chain chain(
      Preprocessing preprocessing, List<String> labels, Map<String, Object> recipe) {
    return new Manifest(NetworkKind.plain("xresnet18"), labels, preprocessing, recipe, null, null)
        .preprocessing()
        .chain();
  }
}
