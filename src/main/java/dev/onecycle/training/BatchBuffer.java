package dev.onecycle.training;

import dev.onecycle.image.BatchCrop;
import dev.onecycle.image.Picture;
import dev.onecycle.image.ViewDraw;
import dev.onecycle.image.Views;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.StagingMemory;
import dev.onecycle.torch.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Room for the pictures of one batch, filled by any thread and sent by a torch thread. */
final class BatchBuffer implements Batch.Pixels {

  /** A writer of one view from {@code offset}. */
  @FunctionalInterface
  private interface Writer {
    void view(Views views, Picture picture, ViewDraw draw, BatchCrop crop, int offset);
  }

  private final StagingMemory staging;
  private final Tensor room;
  private final Writer writer;

  BatchBuffer(StagingMemory staging, int numbers) {
    this.staging = staging;
    room = staging.room(numbers);
    writer = writer(room.type(), room.memory());
  }

  private static Writer writer(DType type, ByteBuffer memory) {
    if (type == DType.BFLOAT16) {
      ShortBuffer out = memory.asShortBuffer();
      return (views, picture, draw, crop, offset) -> views.view(picture, draw, crop, out, offset);
    }
    FloatBuffer out = memory.asFloatBuffer();
    return (views, picture, draw, crop, offset) -> views.view(picture, draw, crop, out, offset);
  }

  /** Writes a view at {@code offset}; threads may write different ones at the same time. */
  void view(Views views, Picture picture, ViewDraw draw, BatchCrop crop, int offset) {
    writer.view(views, picture, draw, crop, offset);
  }

  @Override
  public Tensor tensor(long... shape) {
    long numbers = 1;
    for (long side : shape) {
      numbers *= side;
    }
    return staging.sent(room.slice(0, numbers)).reshape(shape);
  }
}
