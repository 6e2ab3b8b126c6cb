package dev.onecycle.checkpoint.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.onecycle.network.FormulaNetworks;
import dev.onecycle.network.Layout;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsFileTest {

  private static final Layout TINY = Layout.of(FormulaNetworks.architecture("xrn_tiny"), 10);

  @TempDir private Path directory;

  private static Path golden() throws URISyntaxException {
    String name = "/goldens/A_xresnet/xrn_tiny_init_after5_adamw.safetensors";
    return Path.of(WeightsFileTest.class.getResource(name).toURI());
  }

  @Test
  void whatIsWrittenReadsBackEqual() throws Exception {
    StateDict python = WeightsFile.read(golden(), TINY);
    assertThat(python.batchesTracked()).isEqualTo(5);
    Path file = directory.resolve("own.safetensors");
    WeightsFile.write(file, python, Map.of("format", "pt"));
    StateDict again = WeightsFile.read(file, TINY);
    assertThat(again.batchesTracked()).isEqualTo(5);
    assertThat(again.values()).hasSameSizeAs(python.values());
    python.values().forEach((name, v) -> assertThat(again.values().get(name)).isEqualTo(v));
    assertThat(SafetensorsReader.read(file).metadata()).isEqualTo(Map.of("format", "pt"));
  }

  @Test
  void theSameStateGivesTheSameAlignedBytes() throws Exception {
    StateDict state = WeightsFile.read(golden(), TINY);
    Path one = directory.resolve("one");
    Path two = directory.resolve("two");
    WeightsFile.write(one, state, Map.of("b", "2", "a", "é\n"));
    WeightsFile.write(two, state, Map.of("a", "é\n", "b", "2"));
    assertThat(one).hasSameBinaryContentAs(two);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(one)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.getLong(0) % 8).isZero();
    long offset = 0;
    for (NamedArray array : SafetensorsReader.read(one).arrays().values()) {
      assertThat(offset % array.header().type().bytes()).as(array.header().name()).isZero();
      offset += array.header().bytes();
    }
    assertThatThrownBy(() -> WeightsFile.write(one, state, Map.of()))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void everyArrayThatDoesNotFitIsNamed() throws Exception {
    Path file =
        rewritten(
            array ->
                switch (array.name()) {
                  case "0.0.weight" -> renamed(array, "stem.weight");
                  case "1.1.bias" -> new ArrayHeader(array.name(), array.type(), List.of(4, 8));
                  case "2.1.num_batches_tracked" ->
                      new ArrayHeader(array.name(), ElementType.F64, List.of());
                  default -> array;
                });
    Failure.Invalid failure =
        catchThrowableOfType(Failure.Invalid.class, () -> WeightsFile.read(file, TINY));
    assertThat(failure.errors())
        .extracting(FieldError::field)
        .containsExactly("0.0.weight", "1.1.bias", "2.1.num_batches_tracked", "stem.weight");
    assertThat(failure.errors())
        .extracting(FieldError::message)
        .containsExactly(
            "is missing",
            "has shape [4, 8] instead of [32]",
            "is F64 instead of whole numbers",
            "is unknown");
    assertThat(failure).hasMessageContaining("4 arrays do not fit xrn_tiny with 10 labels");
  }

  @Test
  void anotherHeadIsRefused() {
    Layout three = Layout.of(TINY.architecture(), 3);
    assertThatThrownBy(() -> WeightsFile.read(golden(), three))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("11.weight has shape [10, 512] instead of [3, 512]");
  }

  @Test
  void numbersThatAreNotFiniteAreRefused() throws Exception {
    StateDict state = WeightsFile.read(golden(), TINY);
    state.values().get("11.bias")[3] = Float.NaN;
    Path file = directory.resolve("nan");
    WeightsFile.write(file, state, Map.of());
    assertThatThrownBy(() -> WeightsFile.read(file, TINY))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("11.bias holds NaN");
  }

  private static ArrayHeader renamed(ArrayHeader array, String name) {
    return new ArrayHeader(name, array.type(), array.shape());
  }

  private Path rewritten(UnaryOperator<ArrayHeader> change) throws IOException, URISyntaxException {
    Map<String, NamedArray> arrays = SafetensorsReader.read(golden()).arrays();
    List<ArrayHeader> headers = new ArrayList<>();
    arrays.values().forEach(array -> headers.add(change.apply(array.header())));
    Path file = directory.resolve("rewritten");
    SafetensorsWriter.write(file, Map.of(), headers, header -> ByteBuffer.allocate(header.bytes()));
    return file;
  }
}
