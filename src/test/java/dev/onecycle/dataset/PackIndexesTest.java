package dev.onecycle.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.dataset.pixels.PackIndex;
import dev.onecycle.dataset.pixels.PackIndexes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackIndexesTest {

  private final PackIndexes indexes = new PackIndexes();
  private final AtomicInteger reads = new AtomicInteger();

  @Test
  void oneOfManyReadsAnIndexAndTheOthersShareIt(@TempDir Path directory) throws IOException {
    Path pictures = directory.toRealPath().resolve("pictures");
    Path pack = directory.resolve("pack");
    TinyPictures.write(pictures, 40, 2, TinyPictures::noise);
    DirectoryImport.of(pictures, pack);
    Supplier<PackIndex> read =
        () -> {
          reads.incrementAndGet();
          return PackIndex.read(pack, null);
        };
    List<PackIndex> found =
        IntStream.range(0, 50).parallel().mapToObj(i -> indexes.of("1", read)).toList();
    assertThat(found).containsOnly(found.get(0));
    assertThat(found.get(0).pictures()).hasSize(40);
    assertThat(reads).hasValue(1);
    IntStream.range(0, 200).forEach(i -> indexes.of(Integer.toString(i), read));
    assertThat(reads).hasValue(200);
    assertThat(found.get(0).pictures()).hasSize(40);
  }
}
