package dev.onecycle.bench;

import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.dataset.pixels.PackedPicture;
import dev.onecycle.dataset.pixels.PackedPictures;
import dev.onecycle.dataset.pixels.Packer;
import dev.onecycle.dataset.pixels.PixelFile;
import dev.onecycle.dataset.pixels.PixelWriter;
import dev.onecycle.dataset.pixels.SampleDataset;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.image.decoding.PictureDecoder;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Seed;
import dev.onecycle.testing.Photographs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures to measure with: some of those below the directory that {@code BENCH_PICTURES} names, in
 * {@code train/LABEL/} and {@code val/LABEL/}; else the sample dataset. Packed and decoded in a
 * temporary directory.
 *
 * @param pixels every picture decoded, in the snapshot's order
 */
record BenchPictures(DatasetSnapshot snapshot, PixelFile pixels, Path directory)
    implements AutoCloseable {

  /** At most {@code most} pictures, the same ones every time, decoded for {@code itemSize}. */
  static BenchPictures open(int most, int itemSize) throws IOException {
    String named = System.getenv("BENCH_PICTURES");
    if (named != null) {
      return of(Path.of(named), Photographs.some(most), itemSize);
    }
    System.err.println("BENCH_PICTURES names no directory: measuring with drawn pictures");
    SampleDataset drawn = new SampleDataset(new Seed(1));
    return open(
        packer -> drawn.draw((path, png) -> packer.add(PicturePath.of(path), png)), itemSize);
  }

  /**
   * The directory that {@code BENCH_PICTURES} names.
   *
   * @throws IllegalStateException if there is none
   */
  static Path root() {
    String named = System.getenv("BENCH_PICTURES");
    if (named == null) {
      throw new IllegalStateException(
          "BENCH_PICTURES must name a directory of train/LABEL/ and val/LABEL/");
    }
    return Path.of(named);
  }

  /** These files below a directory. */
  static BenchPictures of(Path root, List<Path> files, int itemSize) throws IOException {
    return open(
        packer -> {
          for (Path file : files) {
            packer.add(PicturePath.of(root.relativize(file).toString()), Files.readAllBytes(file));
          }
        },
        itemSize);
  }

  /** What puts pictures into a pack. */
  private interface Filling {
    void into(Packer packer) throws IOException;
  }

  private static BenchPictures open(Filling filling, int itemSize) throws IOException {
    Path directory = Files.createTempDirectory("onecycle-bench");
    Path pack = directory.resolve("pack.zip");
    PackSummary summary;
    try (Packer packer = new Packer(pack)) {
      filling.into(packer);
      summary = packer.finish(SplitSpec.byDefault());
    }
    PackedPictures pictures = PackedPictures.open(pack);
    Path file = directory.resolve("pixels");
    new PixelWriter(pictures, itemSize)
        .write(file, Runtime.getRuntime().availableProcessors(), done -> {}, () -> false);
    return new BenchPictures(
        new DatasetSnapshot(pictures, summary.split(), summary.statistics()),
        PixelFile.open(file, pictures, itemSize),
        directory);
  }

  /** At most {@code most} JPEG files as they are, the same ones every time. */
  static List<byte[]> jpegs(int most) throws IOException {
    List<byte[]> jpegs = new ArrayList<>();
    String named = System.getenv("BENCH_PICTURES");
    if (named == null) {
      System.err.println("BENCH_PICTURES names no directory: measuring with drawn pictures");
      new SampleDataset(new Seed(1))
          .draw((path, png) -> jpegs.add(PictureEncoder.jpeg(PictureDecoder.decode(png))));
      return jpegs.subList(0, Math.min(most, jpegs.size()));
    }
    for (Path file : Photographs.some(most)) {
      jpegs.add(Files.readAllBytes(file));
    }
    return jpegs;
  }

  /** Returns whether {@code BENCH_PICTURES} names a directory. */
  static boolean named() {
    return System.getenv("BENCH_PICTURES") != null;
  }

  /** Decodes them all again as the first run of an item size does, and returns the seconds. */
  double decoding(int itemSize) throws Exception {
    Path file = directory.resolve("again");
    try {
      int threads = Runtime.getRuntime().availableProcessors();
      PixelWriter writer = new PixelWriter(snapshot.all(), itemSize);
      return Benchmark.milliseconds(() -> writer.write(file, threads, done -> {}, () -> false))
          / 1e3;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Writes which files they are, a line for each: its part ({@code train} or {@code valid}), its
   * label and its path, with tabs between them.
   */
  Path files() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i : snapshot.split().train()) {
      lines.add("train" + line(i));
    }
    for (int i : snapshot.split().valid()) {
      lines.add("valid" + line(i));
    }
    return Files.write(directory.resolve("files"), lines);
  }

  private String line(int index) {
    PackedPicture picture = snapshot.all().index().get(index);
    return "\t" + picture.label() + "\t" + root().resolve(picture.path());
  }

  @Override
  public void close() {
    try {
      pixels.close();
      snapshot.close();
      for (String name : List.of("pixels", "pack.zip", "files")) {
        Files.deleteIfExists(directory.resolve(name));
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      System.err.println("left behind: " + directory + ": " + e.getMessage());
    }
  }
}
