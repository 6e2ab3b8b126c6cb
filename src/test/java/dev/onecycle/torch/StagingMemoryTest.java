package dev.onecycle.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Java writes is what a processor reads; {@code StagingCheck} tries a GPU. */
@ExtendWith(OnTorchThread.class)
class StagingMemoryTest {

  @Test
  void theProcessorReadsTheMemoryItself() {
    try (StagingMemory staging = new StagingMemory(DType.FLOAT32);
        Scope scope = Scope.open()) {
      Tensor room = staging.room(6);
      FloatBuffer memory = room.memory().asFloatBuffer();
      Tensor sent = staging.sent(room.slice(0, 4)).reshape(2, 2);
      memory.put(3, 7);
      staging.sync();

      assertThat(sent.shape()).containsExactly(2, 2);
      assertThat(sent.floats()).containsExactly(0, 0, 0, 7);
    }
  }

  @Test
  void halvesAreRead() {
    try (StagingMemory staging = new StagingMemory(DType.BFLOAT16);
        Script script =
            new Script("def wide(self, x: Tensor) -> Tensor:\n  return torch.to(x, 6)\n");
        Scope scope = Scope.open()) {
      Tensor room = staging.room(2);
      ShortBuffer memory = room.memory().asShortBuffer();
      memory.put(1, (short) (Float.floatToIntBits(-2.5f) >>> 16));

      Tensor sent = staging.sent(room);
      assertThat(sent.type()).isEqualTo(DType.BFLOAT16);
      assertThat(script.call("wide", sent).floats()).containsExactly(0, -2.5f);
    }
  }
}
