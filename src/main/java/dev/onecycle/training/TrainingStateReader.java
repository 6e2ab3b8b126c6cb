package dev.onecycle.training;

import dev.onecycle.checkpoint.format.NamedArray;
import dev.onecycle.checkpoint.format.Safetensors;
import dev.onecycle.checkpoint.format.SafetensorsReader;
import dev.onecycle.network.MemoryFormat;
import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.Position;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Script;
import dev.onecycle.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The state that a {@link TrainingStateWriter} wrote, for a trainer of the same recipe to go on
 * from.
 */
public final class TrainingStateReader implements StateExchange {

  private static final String METHODS =
      """
      def put(self, to: Tensor, values: Tensor) -> Tensor:
        return torch.copy_(to, values)
      """;

  private final Safetensors file;
  private final Position position;
  private final boolean moved;

  private TrainingStateReader(Safetensors file, Position position, boolean moved) {
    this.file = file;
    this.position = position;
    this.moved = moved;
  }

  /**
   * Maps a file, which must not change as long as this is used.
   *
   * @throws Failure.Invalid if it is no state of a training, or one of another version
   */
  public static TrainingStateReader read(Path file) throws IOException {
    Safetensors contents = SafetensorsReader.read(file);
    double format = number(contents, "format");
    if (format != TrainingStateWriter.FORMAT && format != TrainingStateWriter.CONTIGUOUS_FORMAT) {
      throw new Failure.Invalid(
          "a training's state of format %s, known are %s and %s"
              .formatted(format, TrainingStateWriter.FORMAT, TrainingStateWriter.CONTIGUOUS_FORMAT),
          null);
    }
    Position position =
        new Position(
            (int) number(contents, "phase"),
            (int) number(contents, "epoch"),
            (int) number(contents, "step"));
    return new TrainingStateReader(contents, position, false);
  }

  public Position position() {
    return position;
  }

  /** Returns how convolutions' weights lie in it, and must in the trainer that goes on. */
  public MemoryFormat format() {
    return number(file, "format") == TrainingStateWriter.CONTIGUOUS_FORMAT
        ? MemoryFormat.CONTIGUOUS
        : MemoryFormat.CHANNELS_LAST;
  }

  /** Returns the same, to go on with from another position of the same fit. */
  public TrainingStateReader at(Position other) {
    return new TrainingStateReader(file, other, moved || !other.equals(position));
  }

  /**
   * Returns whether it goes on elsewhere than it was kept, so that what was in progress there is
   * void.
   */
  boolean isMoved() {
    return moved;
  }

  @Override
  public void tensor(String name, Tensor values) {
    NamedArray array = file.arrays().get(name);
    if (array == null || array.header().size() != values.size()) {
      throw new Failure.Invalid(
          "a training's state without " + values.size() + " numbers of " + name, null);
    }
    try (Scope scope = Scope.open();
        Script script = new Script(METHODS)) {
      script.run("put", values, Tensor.of(array.floats(), values.shape()));
    }
  }

  @Override
  public double number(String name, double value) {
    return number(file, name);
  }

  private static double number(Safetensors file, String name) {
    String text = file.metadata().get(name);
    try {
      return Double.parseDouble(String.valueOf(text));
    } catch (NumberFormatException e) {
      throw new Failure.Invalid("a training's state whose " + name + " is '" + text + "'", null);
    }
  }
}
