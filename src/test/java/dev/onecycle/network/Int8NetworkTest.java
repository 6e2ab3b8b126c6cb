package dev.onecycle.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Activation;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.recipe.Pooling;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.Torch;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The network in whole numbers of 8 bits beside the same weights in float32. */
@ExtendWith(OnTorchThread.class)
class Int8NetworkTest {

  private static final int CLASSES = 10;
  private static final int[] BATCHES = {1, 2, 8};

  /** Logits reach 4; there are 256 steps between the layers. */
  private static final float BOUND = 0.1f;

  @BeforeEach
  void onlyWhereItIsExact() {
    assumeTrue(Torch.start(1, null).multipliesInt8(Device.CPU));
  }

  @ParameterizedTest
  @CsvSource({
    "xresnet18,RELU,64",
    "xresnet18,RELU,97",
    "xresnet50,RELU,64",
    "xresnet50,RELU,97",
    "xresnext50,RELU,64",
    "spine2,SILU,64",
    "spine2,SILU,97",
    "spine,HARDSWISH,64",
    "spine,MISH,64",
    "xresnet18,SILU,97",
    "xresnet34,GELU,64",
    "xresnext18,HARDSWISH,64"
  })
  void staysClose(String name, Activation activation, int size) {
    StateDict state = state(name, activation);
    try (InferenceNetwork rounded = InferenceNetwork.int8(state, ranges(state, size), size);
        InferenceNetwork exact = InferenceNetwork.of(state, DType.FLOAT32, size)) {
      assertThat(rounded.precision()).isEqualTo(DType.INT8);
      for (int batch : BATCHES) {
        assertClose(rounded, exact, batch, size);
      }
      assertClose(rounded, exact, 3, size + 17);
    }
  }

  private static void assertClose(
      InferenceNetwork rounded, InferenceNetwork exact, int batch, int size) {
    try (Scope scope = Scope.open()) {
      Tensor pictures = FormulaNetworks.input(batch, batch, size);
      float[] expected = exact.logits(pictures).floats();
      float[] logits = rounded.logits(pictures).floats();
      assertThat(logits).hasSize(batch * CLASSES);
      for (int i = 0; i < logits.length; i++) {
        assertThat(logits[i]).isCloseTo(expected[i], within(BOUND));
      }
    }
  }

  /** Sums are whole numbers: it does not matter who else is in the batch. */
  @Test
  void aPictureHasTheSameLogitsInEveryBatch() {
    StateDict state = state("xresnet18", Activation.RELU);
    try (InferenceNetwork network = InferenceNetwork.int8(state, ranges(state, 64), 64)) {
      float[] all = network.logits(FormulaNetworks.input(1, 8, 64)).floats();
      float[] first = network.logits(FormulaNetworks.input(1, 1, 64)).floats();
      for (int i = 0; i < first.length; i++) {
        assertThat(all[i]).isCloseTo(first[i], within(1e-5f));
      }
    }
  }

  @Test
  void memoryIsFlatOverBatchesOfAllSizes() {
    StateDict state = state("xresnet18", Activation.RELU);
    try (InferenceNetwork network = InferenceNetwork.int8(state, ranges(state, 32), 32)) {
      long before = 0;
      for (int i = 0; i < 550; i++) {
        if (i == 50) {
          before = Torch.residentBytes();
        }
        try (Scope scope = Scope.open()) {
          network.logits(Tensor.zeros(1 + i % 8, 32, 32, 3));
        }
      }
      assertThat(Torch.residentBytes() - before).isLessThan(80L << 20);
    }
  }

  @Test
  void rangesOfOtherPicturesAreNotGoodEnough() {
    StateDict state = state("xresnet18", Activation.RELU);
    ActivationRanges right = ranges(state, 64);
    List<Float> halves = right.high().stream().map(high -> high / 4).toList();
    ActivationRanges narrow = new ActivationRanges(right.low(), halves);
    try (InferenceNetwork rounded = InferenceNetwork.int8(state, narrow, 64);
        InferenceNetwork exact = InferenceNetwork.of(state, DType.FLOAT32, 64)) {
      assertThatThrownBy(() -> assertClose(rounded, exact, 2, 64))
          .isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void aNetworkOfZerosAnswersItsBias() {
    Layout layout = Layout.of(Architecture.named("xresnet18"), CLASSES);
    StateDict state = Initialization.random(layout, new Seed(1));
    state.values().forEach((name, values) -> Arrays.fill(values, 0));
    state.values().get(layout.architecture().head() + ".bias")[3] = 2;
    try (InferenceNetwork network = InferenceNetwork.int8(state, ranges(state, 64), 64)) {
      float[] logits = network.logits(FormulaNetworks.input(1, 1, 64)).floats();
      assertThat(logits).containsExactly(0, 0, 0, 2, 0, 0, 0, 0, 0, 0);
    }
  }

  @Test
  void gatesAttentionsAndBlursHaveNoSuchForm() {
    assertThat(has("xresnet50", Activation.RELU, Pooling.MAX, false)).isTrue();
    assertThat(has("spine2", Activation.SILU, Pooling.MAX, false)).isTrue();
    assertThat(has("xresnet50", Activation.SILU, Pooling.MAX, false)).isTrue();
    assertThat(has("xresnet50", Activation.RELU, Pooling.MAXBLUR, false)).isFalse();
    assertThat(has("xresnet50", Activation.RELU, Pooling.MAX, true)).isFalse();
    assertThat(has("xse_resnet50", Activation.RELU, Pooling.MAX, false)).isFalse();
    assertThat(has("spine2", Activation.MISH, Pooling.MAX, false)).isTrue();
    assertThat(has("spine2", Activation.GELU, Pooling.MAX, false)).isTrue();
    assertThat(has("spine2", Activation.SILU, Pooling.MAXBLUR, false)).isFalse();
  }

  private static boolean has(
      String name, Activation activation, Pooling pooling, boolean attention) {
    return InferenceNetwork.hasInt8(
        Architecture.of(new NetworkKind(name, activation, pooling, attention)));
  }

  @Test
  void rangesOfAnotherNetworkAreRefused() {
    ActivationRanges few = new ActivationRanges(List.of(0f, 0f), List.of(1f, 1f));
    assertThatThrownBy(() -> InferenceNetwork.int8(state("xresnet18", Activation.RELU), few, 64))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ActivationRanges(List.of(1f), List.of(0f)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ActivationRanges(List.of(0f), List.of(Float.POSITIVE_INFINITY)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rangesAreThoseOfAllPictures() {
    StateDict state = state("xresnet18", Activation.RELU);
    float[] some = FormulaNetworks.input(1, 2, 64).floats();
    some[5] = 7;
    float[] others = FormulaNetworks.input(2, 1, 64).floats();
    others[1] = -9;
    try (RangeFinder finder = new RangeFinder(state, 64)) {
      assertThat(finder.ranges()).isNull();
      finder.look(Tensor.of(some, 2, 64, 64, 3));
      finder.look(Tensor.of(others, 1, 64, 64, 3));
      ActivationRanges found = finder.ranges();
      assertThat(found.low().get(0)).isEqualTo(-9f);
      assertThat(found.high().get(0)).isEqualTo(7f);
      int blocks = state.layout().architecture().blocks().size();
      assertThat(Collections.frequency(found.low(), 0f)).isGreaterThan(blocks);
      others[1] = Float.NaN;
      finder.look(Tensor.of(others, 1, 64, 64, 3));
      assertThat(finder.ranges()).isNull();
    }
  }

  private static ActivationRanges ranges(StateDict state, int size) {
    try (RangeFinder finder = new RangeFinder(state, size)) {
      finder.look(FormulaNetworks.input(8, 8, size));
      return finder.ranges();
    }
  }

  private static StateDict state(String name, Activation activation) {
    NetworkKind kind = new NetworkKind(name, activation, Pooling.MAX, false);
    return FormulaNetworks.outspoken(Layout.of(Architecture.of(kind), CLASSES));
  }
}
