package dev.onecycle.training;

import dev.onecycle.checkpoint.format.ArrayHeader;
import dev.onecycle.checkpoint.format.ElementType;
import dev.onecycle.checkpoint.format.SafetensorsWriter;
import dev.onecycle.network.MemoryFormat;
import dev.onecycle.recipe.Position;
import dev.onecycle.torch.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The state that a trainer needs to go on bit for bit, ready to be written: a safetensors file of
 * float32 vectors, with each number among its metadata. It refers to the trainer's own memory, so
 * it is good on the training thread until the trainer goes on.
 */
public final class TrainingStateWriter implements StateExchange {

  /** Raised whenever a file of before could no longer be gone on from. */
  static final double FORMAT = 1;

  /** Of weights that are contiguous: whoever knows channels last alone refuses it. */
  static final double CONTIGUOUS_FORMAT = 2;

  private final Position position;
  private final long step;
  private final long steps;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> numbers = new LinkedHashMap<>();

  TrainingStateWriter(Position position, long step, long steps, MemoryFormat memory) {
    this.position = position;
    this.step = step;
    this.steps = steps;
    number("format", memory == MemoryFormat.CONTIGUOUS ? CONTIGUOUS_FORMAT : FORMAT);
    number("phase", position.phase());
    number("epoch", position.epoch());
    number("step", position.step());
  }

  @Override
  public void tensor(String name, Tensor values) {
    tensors.put(name, values);
  }

  @Override
  public double number(String name, double value) {
    numbers.put(name, Double.toString(value)); // exact, unlike JSON for infinities
    return value;
  }

  public Position position() {
    return position;
  }

  /** Returns steps done in the whole run. */
  public long step() {
    return step;
  }

  /** Returns how many the whole run has. */
  public long steps() {
    return steps;
  }

  /** Returns how large the file will be, without its header. */
  public long bytes() {
    return tensors.values().stream().mapToLong(Tensor::size).sum() * Float.BYTES;
  }

  /** Writes a new file and forces it to the disk; one vector at a time is in the JVM's memory. */
  public void write(Path file) throws IOException {
    List<ArrayHeader> headers =
        tensors.entrySet().stream().map(e -> header(e.getKey(), e.getValue())).toList();
    SafetensorsWriter.write(
        file,
        numbers,
        headers,
        header -> bytes(Objects.requireNonNull(tensors.get(header.name()))));
  }

  private static ArrayHeader header(String name, Tensor values) {
    return new ArrayHeader(name, ElementType.F32, List.of(Math.toIntExact(values.size())));
  }

  private static ByteBuffer bytes(Tensor values) {
    float[] numbers = values.floats(); // sync point
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(numbers);
    return bytes;
  }
}
