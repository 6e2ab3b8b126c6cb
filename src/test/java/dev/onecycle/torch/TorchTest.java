package dev.onecycle.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.testing.Program;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The engine's room: what it gives, and what it refuses before native code could crash. */
@ExtendWith(OnTorchThread.class)
class TorchTest {

  private static final String METHODS =
      """
      def twice(self, x: Tensor) -> Tensor:
        return torch.mul(x, 2)
      def squares(self, x: Tensor) -> Tensor:
        return torch.sum(torch.mul(x, x))
      def low(self, x: Tensor) -> Tensor:
        return torch.to(x, 15)
      def product(self, a: Tensor, b: Tensor) -> Tensor:
        return torch.matmul(a, b)
      def scaled(self, x: List[Tensor], by: float) -> List[Tensor]:
        return [torch.mul(x[0], by), torch.mul(x[1], by)]
      """;

  @Test
  void scriptsComputeAndRecordGradients() {
    try (Script script = new Script(METHODS)) {
      Tensor leaf = Tensor.of(new float[] {1, -2, 3}, 3).leaf();
      Tensor loss;
      try (Gradients.Recording recording = Gradients.record()) {
        loss = script.call("squares", script.call("twice", leaf));
      }
      loss.backward();
      assertThat(loss.item()).isEqualTo(56);
      assertThat(leaf.gradient().floats()).containsExactly(8, -16, 24);
    }
  }

  @Test
  void gradientsAreOffUnlessRecorded() {
    try (Script script = new Script(METHODS)) {
      Tensor loss = script.call("squares", Tensor.of(new float[] {1, 2}, 2).leaf());
      assertThatThrownBy(loss::backward).isInstanceOf(TorchException.class);
    }
  }

  @Test
  void listsAndNumbersGoInAndOut() {
    try (Script script = new Script(METHODS)) {
      List<Tensor> in = List.of(Tensor.of(new float[] {1}, 1), Tensor.of(new float[] {2}, 1));
      List<Tensor> out = script.run("scaled", in, 1.5);
      assertThat(out).hasSize(2);
      assertThat(out.get(1).floats()).containsExactly(3);
    }
  }

  @Test
  void aTensorOverMemoryIsThatMemory() {
    ByteBuffer memory = ByteBuffer.allocateDirect(8 * Float.BYTES).order(ByteOrder.nativeOrder());
    memory.asFloatBuffer().put(new float[] {1, 2, 3, 4, 5, 6, 7, 8});
    memory.limit(6 * Float.BYTES);
    Tensor over = Tensor.over(memory, 2, 3);
    assertThat(over.floats()).containsExactly(1, 2, 3, 4, 5, 6);
    memory.putFloat(0, 9);
    assertThat(over.floats()).startsWith(9, 2);
    assertThatThrownBy(() -> Tensor.over(memory, 7)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void workThatGivesWayHasAThreadThatDoes() throws Exception {
    Torch torch = Torch.start(1, null);
    try (TorchExecutor equal = new TorchExecutor(torch, "equal", Device.CPU);
        TorchExecutor yielding = TorchExecutor.givingWay(torch, "yielding", Device.CPU)) {
      assertThat(equal.<Integer>call(TorchTest::niceness)).isZero();
      assertThat(yielding.<Integer>call(TorchTest::niceness)).isEqualTo(10);
    }
  }

  /** Of the calling thread: what follows its name, its state and 15 numbers. */
  private static int niceness() throws IOException {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
  }

  @Test
  void aTextThatDoesNotCompileIsRefusedWithItsLine() {
    assertThatThrownBy(
            () -> new Script("def f(self, x: Tensor) -> Tensor:\n  return torch.no_op(x)\n"))
        .isInstanceOf(TorchException.class)
        .hasMessageContaining("no_op");
  }

  @Test
  void shapesThatDoNotFitAreRefusedWithoutTheEnginesStack() {
    try (Script script = new Script(METHODS)) {
      Tensor a = Tensor.zeros(2, 3);
      assertThatThrownBy(() -> script.call("product", a, Tensor.zeros(2, 3)))
          .isInstanceOf(TorchException.class)
          .hasMessageContaining("2x3")
          .hasMessageNotContaining("frame #");
    }
  }

  @Test
  void lowPrecisionIsNotReadAsFloats() {
    try (Script script = new Script(METHODS)) {
      Tensor low = script.call("low", Tensor.zeros(2));
      assertThat(low.type()).isEqualTo(DType.BFLOAT16);
      assertThatThrownBy(low::floats).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void numbersMustFillTheirShape() {
    assertThatThrownBy(() -> Tensor.of(new float[5], 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5 numbers");
  }

  @Test
  void aScopeFreesItsTensorsAndKeepsThoseMovedOut() {
    Scope kept = Scope.forKeeping();
    Tensor inside;
    Tensor moved;
    try (Scope scope = Scope.open()) {
      inside = Tensor.zeros(3);
      moved = Tensor.zeros(3).keepIn(kept);
    }
    assertThatThrownBy(inside::floats).isInstanceOf(RuntimeException.class);
    assertThat(moved.floats()).hasSize(3);
    kept.close();
  }

  @Test
  void scopesCloseInnermostFirst() {
    Scope outer = Scope.open();
    Scope inner = Scope.open();
    assertThatThrownBy(outer::close).isInstanceOf(IllegalStateException.class);
    inner.close();
    outer.close();
  }

  @Test
  void otherThreadsAreRefused() throws Exception {
    Throwable[] thrown = new Throwable[1];
    Thread stranger =
        new Thread(
            () -> {
              try {
                Tensor.zeros(1);
              } catch (IllegalStateException e) {
                thrown[0] = e;
              }
            },
            "stranger");
    stranger.start();
    stranger.join();
    assertThat(thrown[0]).hasMessageContaining("'stranger' is not a torch thread");
  }

  /** In a process of its own: both read it once, oneDNN and we. */
  @Test
  void oneDnnToldToDoWithoutAvx512IsNotAskedForBfloat16() throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            WhatItPrefers.class.getName());
    Map<String, String> without = Map.of("ONEDNN_MAX_CPU_ISA", "AVX2");
    assertThat(Program.run(Path.of("."), without, command).succeeded())
        .endsWith("bfloat16 false, int8 false");
  }

  static final class WhatItPrefers {
    public static void main(String[] none) {
      Torch torch = Torch.start(1, null);
      System.out.printf(
          "bfloat16 %s, int8 %s%n",
          torch.prefersBfloat16(Device.CPU), torch.multipliesInt8(Device.CPU));
    }
  }

  @Test
  void devicesAreReadFromText() {
    assertThat(Device.parse(" CUDA:1 ")).isEqualTo(new Device(true, 1));
    assertThat(Device.parse("cuda")).hasToString("cuda:0");
    assertThat(Device.parse("cpu")).isEqualTo(Device.CPU);
    assertThatThrownBy(() -> Device.parse("tpu")).hasMessageContaining("'tpu'");
  }

  @Test
  void aDeviceThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> Torch.start(1, null).thread("t", new Device(true, 99), () -> {}))
        .hasMessageContaining("cuda:99 is not here");
  }
}
