package dev.onecycle.checkpoint.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.network.Architecture;
import dev.onecycle.network.FormulaNetworks;
import dev.onecycle.network.Initialization;
import dev.onecycle.network.Layout;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Activation;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.recipe.Pooling;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForeignWeightsTest {

  private static final Architecture TINY = FormulaNetworks.architecture("xrn_tiny");
  private static final Layout LAYOUT = Layout.of(TINY, 3);
  private static final StateDict STATE = Initialization.random(LAYOUT, new Seed(3));

  @TempDir private Path directory;
  private int made;

  /** A file of a state: what each of its entries is called and made of. */
  private Path file(StateDict state, Function<Layout.Entry, String> name, ElementType type)
      throws IOException {
    Map<String, Layout.Entry> entries = new LinkedHashMap<>();
    List<ArrayHeader> headers = new ArrayList<>();
    for (Layout.Entry entry : state.layout().entries()) {
      String called = name.apply(entry);
      if (called != null) {
        boolean counter = StateArrays.counter(entry);
        entries.put(called, entry);
        headers.add(new ArrayHeader(called, counter ? ElementType.I64 : type, entry.shape()));
      }
    }
    Path file = directory.resolve("weights" + made++);
    SafetensorsWriter.write(
        file, Map.of(), headers, header -> bytes(header, state, entries.get(header.name())));
    return file;
  }

  private static ByteBuffer bytes(ArrayHeader header, StateDict state, Layout.Entry entry) {
    ByteBuffer bytes = ByteBuffer.allocate(header.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    if (StateArrays.counter(entry)) {
      return bytes.putLong(0, 9);
    }
    for (float number : state.values().get(entry.name())) {
      switch (header.type()) {
        case F64 -> bytes.putDouble(number);
        case BF16 -> bytes.putShort((short) (Float.floatToIntBits(number) >> 16));
        case F16 -> bytes.putShort((short) 0x3C00); // 1
        default -> bytes.putFloat(number);
      }
    }
    return bytes.flip();
  }

  private Path file(Function<Layout.Entry, String> name) throws IOException {
    return file(STATE, name, ElementType.F32);
  }

  private static void assertRead(Path file) throws IOException {
    StateDict read = ForeignWeights.read(file, LAYOUT);
    assertThat(read.values().keySet()).containsExactlyElementsOf(STATE.values().keySet());
    STATE.values().forEach((name, v) -> assertThat(read.values().get(name)).isEqualTo(v));
    assertThat(read.batchesTracked()).isEqualTo(9);
  }

  @Test
  void readsTimmsNames() throws IOException {
    assertRead(file(TimmNames.of(TINY)::of));
    assertRead(file(entry -> "module." + TimmNames.of(TINY).of(entry)));
  }

  @Test
  void dropsThePrefixesOfWrappers() throws IOException {
    assertRead(file(entry -> "model." + entry.name()));
    assertRead(file(entry -> "module._orig_mod." + entry.name()));
  }

  @Test
  void namesAreTimms() {
    TimmNames names = TimmNames.of(Architecture.named("xresnet50"));
    List<String> called =
        Layout.of(Architecture.named("xresnet50"), 10).entries().stream().map(names::of).toList();
    assertThat(called)
        .doesNotHaveDuplicates()
        .contains(
            "conv1.0.weight",
            "conv1.4.running_var",
            "bn1.num_batches_tracked",
            "layer1.0.downsample.1.weight",
            "layer1.0.downsample.2.bias",
            "layer4.2.conv3.weight",
            "fc.bias");
  }

  @Test
  void onlyPlainResidualNetworksHaveATwin() {
    assertThat(TimmNames.model(NetworkKind.plain("xresnet50"))).hasValue("resnet50d");
    for (String other : List.of("xse_resnet50", "xresnext50", "xresnet18_deep", "spine")) {
      assertThat(TimmNames.model(NetworkKind.plain(other))).as(other).isEmpty();
    }
    NetworkKind mish = new NetworkKind("xresnet50", Activation.MISH, Pooling.MAX, false);
    NetworkKind blur = new NetworkKind("xresnet50", Activation.RELU, Pooling.MAXBLUR, false);
    NetworkKind attends = new NetworkKind("xresnet50", Activation.RELU, Pooling.MAX, true);
    assertThat(List.of(mish, blur, attends)).allMatch(kind -> TimmNames.model(kind).isEmpty());
  }

  @Test
  void countersMayBeAbsent() throws IOException {
    Path file = file(entry -> StateArrays.counter(entry) ? null : entry.name());
    assertThat(ForeignWeights.read(file, LAYOUT).batchesTracked()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"F64", "BF16", "F16"})
  void convertsOtherWidths(ElementType type) throws IOException {
    float[] read =
        ForeignWeights.read(file(STATE, Layout.Entry::name, type), LAYOUT)
            .values()
            .get("0.0.weight");
    float[] written = STATE.values().get("0.0.weight");
    for (int i = 0; i < read.length; i++) {
      float expected = type == ElementType.F16 ? 1 : written[i];
      assertThat(read[i]).isCloseTo(expected, within(Math.abs(expected) / 128));
    }
  }

  @Test
  void ofABodyTheHeadIsLeftOut() throws IOException {
    Layout body = Layout.of(TINY, 0);
    StateDict read = ForeignWeights.read(file(TimmNames.of(TINY)::of), body);
    assertThat(read.values().keySet()).noneMatch(name -> name.startsWith("11."));
    assertThat(read.values().get("4.0.convpath.0.0.weight"))
        .isEqualTo(STATE.values().get("4.0.convpath.0.0.weight"));
    Path headless = directory.resolve("headless");
    WeightsFile.write(headless, read, Map.of());
    assertThat(ForeignWeights.read(headless, body).values()).hasSameSizeAs(read.values());
    assertThat(failure(headless, LAYOUT).errors())
        .extracting(FieldError::field)
        .containsExactly("11.weight", "11.bias");
  }

  private static Failure.Invalid failure(Path file, Layout layout) {
    return catchThrowableOfType(
        Failure.Invalid.class, () -> ForeignWeights.read(file, layout).values());
  }

  @Test
  void aRefusalNamesWhatDoesNotFitByTheNamesOfTheFile() throws IOException {
    TimmNames timm = TimmNames.of(TINY);
    Function<Layout.Entry, String> squeezed =
        entry -> timm.of(entry).replace("layer2.0.conv2.weight", "layer2.0.se.fc1.weight");
    Failure.Invalid refused = failure(file(squeezed), LAYOUT);
    assertThat(refused.errors())
        .extracting(FieldError::field)
        .containsExactly("layer2.0.conv2.weight", "layer2.0.se.fc1.weight");
    assertThat(refused.fix()).contains("no architecture that is known here");
  }

  @Test
  void aRefusalSaysWhichArchitectureWouldFit() throws IOException {
    Layout small = Layout.of(Architecture.named("xresnet18"), 5);
    StateDict state = Initialization.random(small, new Seed(1));
    Path file = file(state, TimmNames.of(small.architecture())::of, ElementType.F32);
    Failure.Invalid refused = failure(file, Layout.of(Architecture.named("xresnet50"), 2));
    assertThat(refused).hasMessageContaining("do not fit xresnet50 with 2 labels");
    assertThat(refused.fix()).contains("They are xresnet18 with 5 labels");
    assertThat(failure(file, Layout.of(small.architecture(), 2)).fix())
        .contains("They are xresnet18 with 5 labels");
  }

  @Test
  void theWholeFamilyIsKnown() throws IOException {
    NetworkKind attending = new NetworkKind("xresnet18_deep", Activation.RELU, Pooling.MAX, true);
    Layout layout = Layout.of(Architecture.of(attending), 5);
    Path file =
        file(Initialization.random(layout, new Seed(1)), Layout.Entry::name, ElementType.F32);
    Layout plain = Layout.of(Architecture.named("xresnet18_deep"), 5);
    assertThat(failure(file, plain).fix())
        .contains("They are xresnet18_deep self-attention with 5 labels");
    StateDict body = ForeignWeights.read(file, Layout.of(Architecture.of(attending), 0));
    assertThat(body.values()).hasSize(ForeignWeights.read(file, layout).values().size() - 2);
  }

  @Test
  void aPlainResNetIsToldApart() throws IOException {
    Function<Layout.Entry, String> plain =
        entry -> TimmNames.of(TINY).of(entry).replace("conv1.0.weight", "conv1.weight");
    assertThat(failure(file(plain), LAYOUT).fix()).contains("such as resnet50d");
  }
}
