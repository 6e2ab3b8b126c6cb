package dev.onecycle.run.web;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.onecycle.platform.ProtobufMessage;
import dev.onecycle.run.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Events as TensorBoard's files have them: steps and epochs as scalars over the run's steps. Each
 * record is framed by its length and by masked checksums of both, and is the same whenever it is
 * written, so a file that breaks off is the beginning of the whole.
 *
 * <p>An attempt that goes on from an earlier step says the steps since again. By the first version
 * of the format readers see that from the steps themselves, and keep the later ones.
 */
final class TensorBoardEvents implements EventFormat {

  private static final String VERSION = "brain.Event:1";
  private static final int CHECKSUM_MASK = 0xa282ead8;

  /** The tag of each field that is a scalar, by type of event. */
  private static final Map<String, Map<String, String>> TAGS =
      Map.of(
          "step",
          new TreeMap<>(
              Map.of(
                  "loss", "train/loss",
                  "batchLoss", "train/batch_loss",
                  "learningRate", "train/learning_rate",
                  "momentum", "train/momentum",
                  "imagesPerSecond", "train/images_per_second")),
          "epoch",
          new TreeMap<>(
              Map.of(
                  "trainLoss", "epoch/train_loss",
                  "validLoss", "epoch/valid_loss",
                  "accuracy", "epoch/accuracy",
                  "seconds", "epoch/seconds")));

  private final JsonMapper mapper;
  private final Instant begun;

  /** The run's last step that was told. */
  private long step;

  /**
   * @param begun when the run was submitted
   */
  TensorBoardEvents(JsonMapper mapper, Instant begun) {
    this.mapper = mapper;
    this.begun = begun;
  }

  @Override
  public byte[] beginning() {
    return record(event(begun).text(3, VERSION));
  }

  @Override
  public byte[] event(RunEvent event) {
    Map<String, String> tags = TAGS.get(event.type());
    if (tags == null) {
      return new byte[0];
    }
    JsonNode data = mapper.readTree(event.data());
    step = data.path("step").asLong(step);
    ProtobufMessage summary = new ProtobufMessage();
    tags.forEach(
        (field, tag) -> {
          if (data.path(field).isNumber()) {
            float value = data.get(field).floatValue();
            summary.message(1, new ProtobufMessage().text(1, tag).real(2, value));
          }
        });
    return record(event(event.at()).number(2, step).message(5, summary));
  }

  /** Returns a record that says nothing. */
  @Override
  public byte[] keepAlive() {
    return record(event(begun));
  }

  private static ProtobufMessage event(Instant at) {
    return new ProtobufMessage().precise(1, at.getEpochSecond() + at.getNano() / 1e9);
  }

  private static byte[] record(ProtobufMessage message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      message.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] event = bytes.toByteArray();
    byte[] length =
        ByteBuffer.allocate(Long.BYTES).order(LITTLE_ENDIAN).putLong(event.length).array();
    return ByteBuffer.allocate(Long.BYTES + Integer.BYTES + event.length + Integer.BYTES)
        .order(LITTLE_ENDIAN)
        .put(length)
        .putInt(checksum(length))
        .put(event)
        .putInt(checksum(event))
        .array();
  }

  /** Turned and moved, so that a checksum of what holds checksums still tells something. */
  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    return Integer.rotateRight((int) crc.getValue(), 15) + CHECKSUM_MASK;
  }
}
