package dev.onecycle.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import dev.onecycle.recipe.Activation;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.recipe.Pooling;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchException;
import dev.onecycle.torch.TorchExecutor;
import dev.onecycle.torch.onednn.Chain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The network that serves beside its twin, the training network's evaluation. */
@ExtendWith(OnTorchThread.class)
class InferenceNetworkTest {

  private static final int CLASSES = 10;
  private static final int[] BATCHES = {1, 2, 3, 5, 8};

  /** The JVM itself grows by tens of megabytes; five xresnet18 not freed would be 225 MB. */
  private static final long SLACK = 80L << 20;

  @ParameterizedTest
  @CsvSource({"xresnet18,32", "xresnet18,97", "xresnet34,64", "xresnet50,64", "xresnet50,97"})
  void equalsTheTrainingNetwork(String name, int size) {
    assertFormsAreClose(NetworkKind.plain(name), size, 1e-4, BATCHES);
  }

  @ParameterizedTest
  @CsvSource({
    "xresnet18,MISH,MAXBLUR,false,64",
    "xresnet18,SILU,MAXBLUR,false,97",
    "xresnet50,HARDSWISH,MAX,true,64",
    "xresnet50_deep,GELU,MAX,true,64",
    "xse_resnet18,SILU,MAX,false,64",
    "xresnext50,RELU,MAX,false,64",
    "xresnet18,SILU,MAX,false,97",
    "xresnet18_deep,HARDSWISH,MAX,false,64",
    "xresnet34,GELU,MAX,false,64",
    "xresnext18,MISH,MAX,false,64",
    "spine,RELU,MAX,false,64",
    "spine2,SILU,MAX,false,97",
    "xse_resnext50,MISH,MAXBLUR,true,64",
    "xse_resnext18_deeper,GELU,MAXBLUR,true,97"
  })
  void equalsEveryKindOfTrainingNetwork(
      String name, Activation activation, Pooling pooling, boolean attention, int size) {
    NetworkKind kind = new NetworkKind(name, activation, pooling, attention);
    assertFormsAreClose(kind, size, 2e-4, 1, 3);
  }

  /** Not by way of of(): what one form refuses another would answer. */
  private static void assertFormsAreClose(
      NetworkKind kind, int size, double tolerance, int... batches) {
    StateDict state = state(kind);
    Architecture architecture = state.layout().architecture();
    List<Supplier<InferenceNetwork.Form>> forms = new ArrayList<>();
    for (FoldedScript script :
        List.of(
            new FusedScript(architecture, DType.FLOAT32),
            new FoldedScript(architecture, DType.FLOAT32))) {
      forms.add(() -> new ScriptForm(script.write(), state, size, true));
    }
    if (Chain.missing() == null) {
      forms.add(() -> new PrimitiveForm(state, DType.FLOAT32, null, size));
    }
    try (Network training = new Network(state, Numerics.REFERENCE)) {
      for (Supplier<InferenceNetwork.Form> made : forms) {
        try (InferenceNetwork.Form form = made.get()) {
          for (int batch : batches) {
            assertClose(pictures -> form.answer(pictures).get(0), training, batch, size, tolerance);
          }
        }
      }
    }
  }

  private static void requireOneDnn() {
    String skipped = "skipped, as there is no oneDNN: " + Chain.missing();
    if (Chain.missing() != null) {
      System.out.println(skipped);
    }
    assumeTrue(Chain.missing() == null, skipped);
  }

  @Test
  void thereIsOneDnnOnLinuxAndIntel() {
    assumeTrue(
        Platform.isLinux() && Platform.isIntel() && Platform.is64Bit(),
        "skipped: oneDNN comes along for Linux on x86-64 alone");
    assertThat(Chain.missing()).isNull();
  }

  @Test
  void answersOtherSizesThanItWasMadeFor() {
    StateDict state = state("xresnet50");
    try (InferenceNetwork inference = InferenceNetwork.of(state, DType.FLOAT32, 64);
        Network training = new Network(state, Numerics.REFERENCE)) {
      assertClose(inference, training, 3, 80, 1e-4);
    }
  }

  /** bfloat16 has 8 bits: logits of up to 5 may move by a few hundredths. */
  @ParameterizedTest
  @CsvSource({"xresnet18,97", "xresnet50,64"})
  void lowPrecisionStaysClose(String name, int size) {
    StateDict state = state(name);
    try (InferenceNetwork inference = InferenceNetwork.of(state, DType.BFLOAT16, size);
        Network training = new Network(state, Numerics.REFERENCE)) {
      for (int batch : BATCHES) {
        assertClose(inference, training, batch, size, 0.05);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32,1e-4", "BFLOAT16,0.05"})
  void whatTheEngineRefusesIsComputedPlainly(DType precision, double tolerance) {
    StateDict state = state("xresnet18");
    String methods = new FoldedScript(state.layout().architecture(), precision).write();
    String without = methods.replace("torch.conv2d(", "ops.mkldnn._no_convolution(");
    Supplier<InferenceNetwork.Form> plain = () -> new ScriptForm(methods, state, 64, false);
    Supplier<InferenceNetwork.Form> unknown = () -> new ScriptForm(without, state, 64, false);
    try (InferenceNetwork inference = InferenceNetwork.firstOf(unknown, plain, precision);
        Network training = new Network(state, Numerics.REFERENCE)) {
      assertThat(inference.refused()).hasMessageContaining("_no_convolution");
      assertClose(inference, training, 3, 64, tolerance);
    }
    assertThatThrownBy(() -> InferenceNetwork.firstOf(unknown, unknown, precision))
        .isInstanceOf(TorchException.class);
  }

  @Test
  void memoryIsFlatOverBatchesOfAllSizes() {
    try (InferenceNetwork network = InferenceNetwork.of(state("xresnet18"), DType.FLOAT32, 32)) {
      List<Tensor> batches = IntStream.rangeClosed(1, 8).mapToObj(this::zeros).toList();
      long before = 0;
      for (int i = 0; i < 550; i++) {
        if (i == 50) {
          before = Torch.residentBytes();
        }
        try (Scope scope = Scope.open()) {
          network.logits(batches.get(i % 8));
        }
      }
      assertThat(Torch.residentBytes() - before).isLessThan(SLACK);
    }
  }

  private Tensor zeros(int batch) {
    return Tensor.zeros(batch, 32, 32, 3);
  }

  @Test
  void whatIsKeptForManyNumbersOfPicturesIsBounded() {
    requireOneDnn();
    StateDict state = state("xresnet18");
    try (PrimitiveForm form = new PrimitiveForm(state, DType.FLOAT32, null, 32)) {
      List<Long> kept = new ArrayList<>();
      for (int batch : new int[] {32, 8, 1, 31, 2, 24}) {
        try (Scope scope = Scope.open()) {
          form.answer(Tensor.zeros(batch, 64, 64, 3));
        }
        kept.add(form.bytes());
      }
      assertThat(kept).as("kept for 32 pictures, and then").containsOnly(kept.get(0));
      try (PrimitiveForm grown = new PrimitiveForm(state, DType.FLOAT32, null, 32)) {
        for (int batch = 1; batch <= 32; batch++) {
          try (Scope scope = Scope.open()) {
            grown.answer(Tensor.zeros(batch, 32, 32, 3));
          }
        }
        assertThat(grown.bytes()).as("for ever more pictures").isLessThan(kept.get(0) / 2);
      }
      for (int size = 16; size < 16 + 40; size++) {
        try (Scope scope = Scope.open()) {
          form.answer(Tensor.zeros(1, size, size, 3));
        }
        assertThat(form.chains()).isLessThanOrEqualTo(PrimitiveForm.MOST_CHAINS);
      }
    }
  }

  @Test
  void picturesOfAnotherShapeDoNotReachOneDnn() {
    requireOneDnn();
    try (InferenceNetwork network = InferenceNetwork.of(state("xresnet18"), DType.FLOAT32, 32)) {
      for (long[] shape : new long[][] {{1, 32, 31, 3}, {1, 32, 32, 4}, {2, 32, 32, 1}}) {
        Tensor pictures = Tensor.zeros(shape);
        assertThatThrownBy(() -> network.logits(pictures))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void aClosedNetworkAndAnotherThreadDoNotReachOneDnn() throws Exception {
    requireOneDnn();
    StateDict state = state("xresnet18");
    PrimitiveForm closed = new PrimitiveForm(state, DType.FLOAT32, null, 32);
    closed.close();
    Tensor pictures = zeros(1);
    assertThatThrownBy(() -> closed.answer(pictures)).isInstanceOf(NullPointerException.class);

    try (PrimitiveForm form = new PrimitiveForm(state, DType.FLOAT32, null, 32);
        TorchExecutor other = new TorchExecutor(Torch.start(1, null), "other", Device.CPU)) {
      Callable<Object> elsewhere =
          () -> {
            try (Scope scope = Scope.open()) {
              return form.answer(zeros(1));
            }
          };
      assertThatThrownBy(() -> other.call(elsewhere))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a chain of");
    }
  }

  @Test
  void closingFreesTheWeights() {
    StateDict state = state("xresnet18");
    InferenceNetwork.of(state, DType.FLOAT32, 64).close();
    long before = Torch.residentBytes();
    for (int load = 0; load < 5; load++) {
      InferenceNetwork.of(state, DType.FLOAT32, 64).close();
    }
    await().untilAsserted(() -> assertThat(residentBytes() - before).isLessThan(SLACK));
  }

  /** Without what the collector frees: the buffers that weights came from. */
  private static long residentBytes() {
    System.gc();
    Torch.releaseMemory();
    return Torch.residentBytes();
  }

  private static void assertClose(
      InferenceNetwork inference, Network training, int batch, int size, double tolerance) {
    assertClose(inference::logits, training, batch, size, tolerance);
  }

  private static void assertClose(
      UnaryOperator<Tensor> inference, Network training, int batch, int size, double tolerance) {
    try (Scope scope = Scope.open()) {
      Tensor pictures = FormulaNetworks.input(batch, batch, size);
      float[] expected = training.evaluate(pictures).floats();
      float[] logits = inference.apply(pictures).floats();
      assertThat(logits).hasSize(batch * CLASSES);
      for (int i = 0; i < logits.length; i++) {
        assertThat(logits[i]).isCloseTo(expected[i], within((float) tolerance));
      }
    }
  }

  private static StateDict state(String architecture) {
    return state(NetworkKind.plain(architecture));
  }

  private static StateDict state(NetworkKind kind) {
    return FormulaNetworks.outspoken(Layout.of(Architecture.of(kind), CLASSES));
  }
}
