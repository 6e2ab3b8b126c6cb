package dev.onecycle.dataset.pixels;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each picture of a pack, sorted by path. Immutable: many that read a pack may
 * share it, which matters where it has a million pictures.
 */
public final class PackIndex {

  private final List<PackedPicture> pictures;
  private final List<String> labels;
  private final int[] labelOf;

  private PackIndex(List<PackedPicture> pictures) {
    this.pictures = List.copyOf(pictures);
    this.labels = labels(pictures);
    this.labelOf =
        pictures.stream()
            .mapToInt(p -> p.label() == null ? -1 : Collections.binarySearch(labels, p.label()))
            .toArray();
  }

  /**
   * Reads it.
   *
   * @param pack its pack
   * @param anew the file that has it where it was written anew, or null for what the pack says
   * @throws Failure.Unavailable if it is none or cannot be read
   */
  public static PackIndex read(Path pack, @Nullable Path anew) {
    try (InputStream lines =
        anew == null ? LastMember.open(pack, PackWriter.INDEX) : Files.newInputStream(anew)) {
      return read(lines);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(pack, e);
    }
  }

  static Failure.Unavailable unreadable(Path pack, Exception e) {
    return new Failure.Unavailable(
        "the pictures in "
            + pack.getFileName()
            + " cannot be read: "
            + (e instanceof IOException io ? Reason.of(io) : e.getMessage()),
        "Import the dataset again.",
        e);
  }

  private static PackIndex read(InputStream index) throws IOException {
    Map<String, String> labels = new HashMap<>();
    List<PackedPicture> pictures = new ArrayList<>();
    BufferedReader lines = new BufferedReader(new InputStreamReader(index, UTF_8), 1 << 16);
    for (String line; (line = lines.readLine()) != null; ) {
      pictures.add(PackedPicture.of(line, labels));
    }
    return new PackIndex(pictures);
  }

  static List<String> labels(List<PackedPicture> pictures) {
    return pictures.stream()
        .map(PackedPicture::label)
        .filter(Objects::nonNull)
        .distinct()
        .sorted()
        .toList();
  }

  /** Each picture. */
  public List<PackedPicture> pictures() {
    return pictures;
  }

  /** The distinct labels, sorted. */
  List<String> labels() {
    return labels;
  }

  /** The position of a picture's label among those; -1 for none. */
  int label(int picture) {
    return labelOf[picture];
  }
}
