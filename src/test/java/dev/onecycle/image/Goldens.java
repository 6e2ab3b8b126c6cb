package dev.onecycle.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A folder of reference values: {@code index.json} and one safetensors file of arrays. */
final class Goldens {

  private static final JsonMapper JSON = new JsonMapper();

  private final JsonNode index;
  private final JsonNode header;
  private final ByteBuffer data;

  Goldens(String folder, String tensors) {
    index = JSON.readTree(bytes(folder + "/index.json"));
    ByteBuffer file = ByteBuffer.wrap(bytes(folder + "/" + tensors)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] text = new byte[(int) file.getLong()];
    file.get(text);
    header = JSON.readTree(new String(text, StandardCharsets.UTF_8));
    data = file.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  JsonNode index() {
    return index;
  }

  JsonNode entry(String name) {
    return index.required(name);
  }

  float[] floats(String tensor) {
    ByteBuffer bytes = slice(tensor, "F32");
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  byte[] bytesOf(String tensor) {
    ByteBuffer bytes = slice(tensor, "U8");
    byte[] values = new byte[bytes.remaining()];
    bytes.get(values);
    return values;
  }

  private ByteBuffer slice(String tensor, String dtype) {
    JsonNode entry = header.required(tensor);
    if (!entry.required("dtype").asString().equals(dtype)) {
      throw new IllegalStateException(tensor + " is no " + dtype + ": " + entry);
    }
    int from = entry.required("data_offsets").get(0).asInt();
    int to = entry.required("data_offsets").get(1).asInt();
    return data.slice(from, to - from).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytes(String path) {
    try (InputStream in = Goldens.class.getResourceAsStream("/goldens/" + path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
