package dev.onecycle.serving.web;

import dev.onecycle.platform.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * What a tensor holds that is sent as JSON; one of both is empty.
 *
 * @param numbers row by row
 * @param files what was sent as base64
 */
@JsonDeserialize(using = TensorData.Reader.class)
record TensorData(float[] numbers, List<byte[]> files) {

  /** The attribute of a reader that says how many numbers a tensor may have, an Integer. */
  static final String MOST_NUMBERS = "mostNumbers";

  /** Reads nested lists as they come, without a tree of them in memory. */
  static final class Reader extends StdDeserializer<TensorData> {

    Reader() {
      super(TensorData.class);
    }

    @Override
    public TensorData deserialize(JsonParser json, DeserializationContext context) {
      int most = (Integer) context.getAttribute(MOST_NUMBERS);
      float[] numbers = new float[Math.min(most, 1024)];
      int count = 0;
      List<byte[]> files = new ArrayList<>();
      int depth = 0;
      JsonToken token = json.currentToken();
      do {
        switch (token) {
          case START_ARRAY -> depth++;
          case END_ARRAY -> depth--;
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
            if (count == most) {
              throw new Failure.TooLarge(
                  "a tensor of more than " + most + " numbers",
                  "Send fewer pictures at a time, or raise onecycle.serving.max-pictures.");
            }
            if (count == numbers.length) {
              numbers = Arrays.copyOf(numbers, (int) Math.min(most, 2L * count));
            }
            numbers[count++] = json.getFloatValue();
          }
          case VALUE_STRING -> files.add(file(json.getString()));
          default -> throw wrong("has " + token + " where a number or base64 belongs");
        }
        token = depth == 0 ? JsonToken.END_ARRAY : json.nextToken();
      } while (depth > 0);
      return new TensorData(Arrays.copyOf(numbers, count), files);
    }

    private static byte[] file(String text) {
      try {
        return Base64.getDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        throw wrong("has a text that is not base64: " + e.getMessage());
      }
    }

    private static Failure wrong(String message) {
      return Failure.Invalid.field("inputs[0].data", message, null, null);
    }
  }
}
