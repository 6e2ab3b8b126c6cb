package dev.onecycle.check;

import dev.onecycle.torch.DType;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.StagingMemory;
import dev.onecycle.torch.Tensor;
import java.nio.FloatBuffer;

/**
 * What Java writes is what the device reads: a processor the memory itself, a GPU a copy that
 * nothing changes that is written after a sync point.
 */
final class StagingCheck implements Check {

  private static final int NUMBERS = 1 << 20;

  @Override
  public String name() {
    return "staging";
  }

  @Override
  public Finding of(Subject subject) throws Exception {
    Finding.Notes notes = new Finding.Notes();
    float[] arrived = subject.compute(StagingCheck::sendAndOverwrite);
    boolean copied = subject.device().cuda();
    notes.put("first number", arrived[0]);
    notes.put("last number", arrived[NUMBERS - 1]);
    notes.require(
        arrived[0] == (copied ? 7 : 8) && arrived[NUMBERS - 1] == 9,
        "what arrived is not what was written before the sync point");
    return notes.finding();
  }

  private static float[] sendAndOverwrite() {
    try (StagingMemory staging = new StagingMemory(DType.FLOAT32);
        Scope scope = Scope.open()) {
      Tensor room = staging.room(NUMBERS);
      FloatBuffer memory = room.memory().asFloatBuffer();
      memory.put(0, 7).put(NUMBERS - 1, 9);
      Tensor sent = staging.sent(room);
      staging.sync();
      memory.put(0, 8);
      return sent.floats();
    }
  }
}
