package dev.onecycle.fleet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A GPU as the driver lists it.
 *
 * @param uuid such as {@code GPU-5f2c...}, where it is known
 * @param name such as {@code NVIDIA H100}, where it is known
 */
record Gpu(@Nullable String uuid, @Nullable String name) {

  static final Gpu UNKNOWN = new Gpu(null, null);

  private static final Logger log = LoggerFactory.getLogger(Gpu.class);
  private static final List<String> QUERY =
      List.of("nvidia-smi", "--query-gpu=uuid,name", "--format=csv,noheader");

  /**
   * Returns the GPUs that this process sees, in the engine's order, which is the driver's where
   * {@code CUDA_DEVICE_ORDER=PCI_BUS_ID} is set, as bin/onecycle does. Empty where the driver does
   * not say.
   *
   * @param visible the value of {@code CUDA_VISIBLE_DEVICES}
   */
  static List<Gpu> visible(@Nullable String visible) {
    try {
      Process query = new ProcessBuilder(QUERY).redirectErrorStream(true).start();
      query.getOutputStream().close();
      String said = new String(query.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return select(parse(said), visible);
    } catch (IOException e) {
      log.warn("nvidia-smi does not name the GPUs: they are leased by their number on this host");
      return List.of();
    }
  }

  /** Reads one GPU per line: its UUID, a comma, its name. */
  static List<Gpu> parse(String lines) {
    return lines
        .lines()
        .map(line -> line.split(",", 2))
        .filter(fields -> fields.length == 2 && fields[0].startsWith("GPU-"))
        .map(fields -> new Gpu(fields[0].strip(), fields[1].strip()))
        .toList();
  }

  /** Returns those of {@code all} that a list of numbers or starts of UUIDs names, in its order. */
  static List<Gpu> select(List<Gpu> all, @Nullable String visible) {
    if (visible == null || visible.isBlank()) {
      return all;
    }
    return Stream.of(visible.split(","))
        .map(String::strip)
        .map(
            wanted ->
                IntStream.range(0, all.size())
                    .filter(
                        i ->
                            wanted.equals(Integer.toString(i))
                                || (wanted.startsWith("GPU-")
                                    && String.valueOf(all.get(i).uuid).startsWith(wanted)))
                    .mapToObj(all::get)
                    .findFirst()
                    .orElse(UNKNOWN))
        .toList();
  }
}
