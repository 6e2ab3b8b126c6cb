package dev.onecycle.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.onecycle.recipe.Activation;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.recipe.Pooling;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchException;
import java.util.List;
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
    StateDict state = state(name);
    // Not by way of of(): what the engine refuses must fail here.
    String fused = new FusedScript(state.layout().architecture(), DType.FLOAT32).write();
    try (InferenceNetwork inference =
            InferenceNetwork.firstOf(fused, fused, state, DType.FLOAT32, size);
        Network training = new Network(state, Numerics.REFERENCE)) {
      for (int batch : BATCHES) {
        assertClose(inference, training, batch, size, 1e-4);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "xresnet18,MISH,MAXBLUR,false,64",
    "xresnet18,SILU,MAXBLUR,false,97",
    "xresnet50,HARDSWISH,MAX,true,64",
    "xresnet50_deep,GELU,MAX,true,64",
    "xse_resnet18,SILU,MAX,false,64",
    "xresnext50,RELU,MAX,false,64",
    "xse_resnext50,MISH,MAXBLUR,true,64",
    "xse_resnext18_deeper,GELU,MAXBLUR,true,97"
  })
  void equalsEveryKindOfTrainingNetwork(
      String name, Activation activation, Pooling pooling, boolean attention, int size) {
    StateDict state = state(new NetworkKind(name, activation, pooling, attention));
    String fused = new FusedScript(state.layout().architecture(), DType.FLOAT32).write();
    String plain = new FoldedScript(state.layout().architecture(), DType.FLOAT32).write();
    for (String methods : List.of(fused, plain)) {
      try (InferenceNetwork inference =
              InferenceNetwork.firstOf(methods, methods, state, DType.FLOAT32, size);
          Network training = new Network(state, Numerics.REFERENCE)) {
        for (int batch : new int[] {1, 3}) {
          assertClose(inference, training, batch, size, 2e-4);
        }
      }
    }
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
    String plain = new FoldedScript(state.layout().architecture(), precision).write();
    String unknown = plain.replace("torch.conv2d(", "ops.mkldnn._no_convolution(");
    try (InferenceNetwork inference =
            InferenceNetwork.firstOf(unknown, plain, state, precision, 64);
        Network training = new Network(state, Numerics.REFERENCE)) {
      assertThat(inference.refused()).hasMessageContaining("_no_convolution");
      assertClose(inference, training, 3, 64, tolerance);
    }
    assertThatThrownBy(() -> InferenceNetwork.firstOf(unknown, unknown, state, precision, 64))
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
    try (Scope scope = Scope.open()) {
      Tensor pictures = FormulaNetworks.input(batch, batch, size);
      float[] expected = training.evaluate(pictures).floats();
      float[] logits = inference.logits(pictures).floats();
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
