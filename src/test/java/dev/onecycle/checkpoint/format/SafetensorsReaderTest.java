package dev.onecycle.checkpoint.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsReaderTest {

  private static final String GOLDEN = "/goldens/A_xresnet/xrn_tiny_init_after5_adamw.safetensors";

  private static byte[] golden() throws IOException {
    try (InputStream in = SafetensorsReaderTest.class.getResourceAsStream(GOLDEN)) {
      return in.readAllBytes();
    }
  }

  private static ByteBuffer file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .rewind();
  }

  @Test
  void readsWhatPythonWrote() throws IOException {
    Safetensors file = SafetensorsReader.read(ByteBuffer.wrap(golden()));
    assertThat(file.arrays()).hasSize(110);
    NamedArray stem = file.arrays().get("0.0.weight");
    assertThat(stem.header())
        .isEqualTo(new ArrayHeader("0.0.weight", ElementType.F32, List.of(32, 3, 3, 3)));
    assertThat(stem.floats()).startsWith(0.12254225f, -0.47503188f);
    float[] head = file.arrays().get("11.weight").floats();
    assertThat(head).hasSize(5120);
    assertThat(head[0]).isEqualTo(0.08985863f);
    double square = 0;
    for (float weight : head) {
      square += (double) weight * weight;
    }
    assertThat(Math.sqrt(square)).isCloseTo(4.483342700874265, within(1e-9));
    assertThat(file.arrays().get("0.1.num_batches_tracked").longs()).containsExactly(5);
  }

  @Test
  void everyElementType() {
    ByteBuffer data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(ElementType.F64.toFloat(data.putDouble(0, -2.5), 0)).isEqualTo(-2.5f);
    assertThat(ElementType.F32.toFloat(data.putFloat(4, 1.5f), 1)).isEqualTo(1.5f);
    assertThat(ElementType.BF16.toFloat(data.putShort(2, (short) 0xC049), 1)).isEqualTo(-3.140625f);
    assertThat(ElementType.I64.toLong(data.putLong(0, -7), 0)).isEqualTo(-7);
    assertThat(ElementType.I32.toLong(data.putInt(4, -8), 1)).isEqualTo(-8);
    assertThat(ElementType.U8.toLong(data.put(3, (byte) 200), 3)).isEqualTo(200);
    assertThat(ElementType.BOOL.toLong(data.put(3, (byte) 1), 3)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "3C00, 1",
    "C000, -2",
    "3555, 0.333251953125",
    "7BFF, 65504",
    "0400, 6.103515625e-5",
    "0001, 5.9604644775390625e-8",
    "8001, -5.9604644775390625e-8",
    "0000, 0",
    "7C00, Infinity",
    "FC00, -Infinity",
    "7E00, NaN"
  })
  void halfPrecision(String bits, float expected) {
    ByteBuffer data = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
    data.putShort((short) Integer.parseInt(bits, 16)).rewind();
    assertThat(ElementType.F16.toFloat(data, 0)).isEqualTo((Float) expected);
  }

  @Test
  void metadataScalarsEmptyArraysAndPaddingAreFine() {
    Safetensors file =
        SafetensorsReader.read(
            file(
                """
                {"__metadata__":{"format":"pt"},
                 "scalar":{"dtype":"I64","shape":[],"data_offsets":[4,12]},
                 "empty":{"dtype":"F32","shape":[0,7],"data_offsets":[4,4]},
                 "pair":{"data_offsets":[0,4],"dtype":"F16","shape":[2]}}\s\s\s
                """,
                12));
    assertThat(file.metadata()).containsEntry("format", "pt");
    assertThat(file.arrays()).containsOnlyKeys("pair", "empty", "scalar");
    assertThat(file.arrays().get("empty").floats()).isEmpty();
    assertThat(SafetensorsReader.read(file("{}", 0)).arrays()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not json                                                             | 0 | JSON",
        "[]                                                                   | 0 | START_ARRAY",
        "{} {}                                                                | 0 | after",
        "{\"a\":1}                                                            | 0 | a:",
        "{\"a\":{}}                                                           | 0 | needs dtype",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}       | 4 | begin, end",
        "{\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}     | 4 | 'F31'",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}     | 4 | takes 8 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}     | 4 | takes 4 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}    | 4 | -1 < 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}   | 4 | whole number",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[NaN],\"data_offsets\":[0,4]}}   | 4 | JSON",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e9],\"data_offsets\":[0,4]}}   | 4 | whole number",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[\"1\"],\"data_offsets\":[0,4]}} | 4 | whole number",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[[1]],\"data_offsets\":[0,4]}}   | 4 | depth",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}|4|more than 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296],\"data_offsets\":[0,4]}} | 4 | dimension",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536],\"data_offsets\":[0,0]}} | 0 | 2^31 - 1",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,0]}}|0| JSON",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}} | 4 | 'x'",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}     | 8 | starts at byte 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}     | 8 | end at byte 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}     | 2 | end at byte 4",
        "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|4|Duplicate",
        "{\"__metadata__\":{\"a\":1}}                                         | 0 | 'a'",
        "{\"__metadata__\":{\"a\":{\"b\":{\"c\":1}}}}                         | 0 | 'a'",
        "{\"caf\u00E9\":{}}                                                   | 0 | UTF-8"
      })
  void refuses(String header, int dataBytes, String reason) {
    assertThatThrownBy(() -> SafetensorsReader.read(file(header, dataBytes)))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining(reason);
  }

  @Test
  void refusesOverlapAndDuplicateNames() {
    String array = "\"%s\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]}";
    String overlap = "{" + array.formatted("a", 0, 8) + "," + array.formatted("b", 4, 12) + "}";
    assertThatThrownBy(() -> SafetensorsReader.read(file(overlap, 12)))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("b starts at byte 4, the array before it ends at 8");
    String twice = "{" + array.formatted("a", 0, 8) + "," + array.formatted("a", 8, 16) + "}";
    assertThatThrownBy(() -> SafetensorsReader.read(file(twice, 16)))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("Duplicate");
  }

  @Test
  void refusesLengthsThatTheFileDoesNotHave() {
    for (long length : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 3}) {
      ByteBuffer file = file("{}", 0).order(ByteOrder.LITTLE_ENDIAN);
      file.putLong(0, length);
      assertThatThrownBy(() -> SafetensorsReader.read(file)).isInstanceOf(Failure.Invalid.class);
    }
    assertThatThrownBy(() -> SafetensorsReader.read(ByteBuffer.allocate(7)))
        .isInstanceOf(Failure.Invalid.class);
    ByteBuffer bloated = file(" ".repeat(SafetensorsHeader.MAX_BYTES - 1) + "{}", 0);
    assertThatThrownBy(() -> SafetensorsReader.read(bloated)).isInstanceOf(Failure.Invalid.class);
  }

  @Test
  void refusesMoreArraysThanAnyNetworkHas() {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i <= SafetensorsHeader.MAX_ARRAYS; i++) {
      header.append(i == 0 ? "" : ",").append('"').append(i).append('"');
      header.append(":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    assertThatThrownBy(() -> SafetensorsReader.read(file(header + "}", 0)))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("more than 4096 arrays");
  }

  /** Damaged at random, mostly in the header: read or refused, nothing else. */
  @Test
  void fuzzed(@TempDir Path directory) throws IOException {
    byte[] golden = golden();
    int headerEnd = 8 + (int) ByteBuffer.wrap(golden).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    RandomGenerator random = new Seed(11).generator();
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      byte[] mutated = mutate(golden, headerEnd, random);
      try {
        SafetensorsReader.read(ByteBuffer.wrap(mutated));
      } catch (Failure.Invalid e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(250, 499);
    Path file = Files.write(directory.resolve("empty"), new byte[0]);
    assertThatThrownBy(() -> SafetensorsReader.read(file)).isInstanceOf(Failure.Invalid.class);
  }

  private static byte[] mutate(byte[] golden, int headerEnd, RandomGenerator random) {
    byte[] bytes = golden.clone();
    switch (random.nextInt(4)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> bytes[random.nextInt(8)] = (byte) random.nextInt();
      case 2 -> {
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
          bytes[8 + random.nextInt(headerEnd - 8)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      default -> {
        int from = 8 + random.nextInt(headerEnd - 8);
        int length = random.nextInt(Math.min(40, headerEnd - from));
        byte fill = (byte) "0123456789[]{}\",:-eE".charAt(random.nextInt(20));
        Arrays.fill(bytes, from, from + length, fill);
      }
    }
    return bytes;
  }
}
