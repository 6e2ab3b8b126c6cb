package dev.onecycle.checkpoint.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are PyTorch's own, written by src/test/python/torch_files.py. */
class TorchFileTest {

  private static final List<String> NAMES =
      List.of(
          "0.weight",
          "1.weight",
          "1.bias",
          "1.running_mean",
          "1.running_var",
          "1.num_batches_tracked");

  private static final int[] SIX = {2, 3};
  private static final int[] ROWS = {3, 1};

  /** Of files of a few KB. */
  private static final Duration MOST_CPU = Duration.ofMillis(500);

  private static final long MOST_MEMORY = 16 << 20;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static Path file(String name) {
    try {
      return Path.of(TorchFileTest.class.getResource("/torchfiles/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, NamedArray> read(String name) throws IOException {
    assertThat(TorchFile.is(file(name))).as(name).isTrue();
    return TorchFile.read(file(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"state_dict", "protocol4", "nested", "half", "bfloat16", "channels_last"})
  void readsWhatTorchSaves(String kind) throws IOException {
    Map<String, NamedArray> arrays = read(kind + ".pth");
    assertThat(arrays.keySet()).containsExactlyElementsOf(NAMES);
    assertThat(arrays.get("0.weight").header().shape()).containsExactly(4, 3, 3, 3);
    assertThat(arrays.get("0.weight").floats()).containsExactly(counting(108));
    assertThat(arrays.get("1.bias").floats()).containsExactly(counting(4));
    assertThat(arrays.get("1.num_batches_tracked").longs()).containsExactly(0);
  }

  private static float[] counting(int count) {
    float[] numbers = new float[count];
    IntStream.range(0, count).forEach(i -> numbers[i] = i);
    return numbers;
  }

  @Test
  void readsWhatFastaiSavesWithItsOptimizer() throws IOException {
    Map<String, NamedArray> arrays = read("learner.pth");
    assertThat(arrays.keySet()).hasSize(8).contains("0.0.weight", "3.bias");
    assertThat(arrays.get("3.weight").floats()).containsExactly(counting(8));
  }

  @Test
  void readsParametersAndPartsOfOneStorage() throws IOException {
    assertThat(read("parameters.pth").keySet()).containsExactly("0.weight", "1.weight", "1.bias");
    Map<String, NamedArray> slices = read("slices.pth");
    assertThat(slices.get("a").floats()).containsExactly(counting(6));
    assertThat(slices.get("b").floats()).containsExactly(6, 7, 8, 9);
  }

  @Test
  void saysWhatToDoWithPrograms() {
    refuses("module.pth", "calls torch.nn.modules.container.Sequential", "learn.save");
    refuses("script.pt", "a TorchScript program", "torch.save(model.state_dict()");
    refuses("legacy.pth", "a bare pickle", "newer PyTorch");
  }

  private static void refuses(String name, String message, String fix) {
    assertThatThrownBy(() -> read(name))
        .isInstanceOfSatisfying(
            Failure.Invalid.class,
            failure -> {
              assertThat(failure).hasMessageContaining(message);
              assertThat(failure.fix()).contains(fix);
            });
  }

  @Test
  void refusesStridesThatAliasOrLeaveGaps() {
    refuses("aliased.pth", "reaches out of its storage, or shares it", "state_dict");
    refuses("gaps.pth", "with gaps or numbers used twice", "state_dict");
  }

  private static void refuses(TorchForge forge, String message) throws IOException {
    refuses(forge.zip(), message);
  }

  private static void refuses(ByteBuffer file, String message) {
    assertThatThrownBy(() -> TorchFile.read(file))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining(message);
  }

  @Test
  void readsWhatIsForgedRightly() throws IOException {
    Map<String, NamedArray> arrays = TorchFile.read(TorchForge.of("0", 6, 0, SIX, ROWS).zip());
    assertThat(arrays.get("a").floats()).hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "os\nsystem",
        "posix\nsystem",
        "builtins\neval",
        "__builtin__\nexec",
        "subprocess\nPopen",
        "torch\nload",
        "torch.storage\n_load_from_bytes",
        "torch._utils\n_rebuild_tensor",
        "functools\npartial",
        "operator\nattrgetter",
        "collections\nOrderedDict.fromkeys",
        "fastai.learner\nLearner",
        "argparse\nNamespace",
        "a\u001b[31m\nb"
      })
  void callsNothing(String name) throws IOException {
    TorchForge forge = new TorchForge().code("\u0080\u0002}").text("a");
    forge.code("c" + name + "\n").text("touch hacked").code("\u0085Rs.");
    String shown = name.replace('\n', '.').replace('\u001b', '?');
    refuses(forge, "its pickle calls " + shown);
  }

  @Test
  void refusesOtherInstructions() throws IOException {
    for (byte instruction : "i\u0082\u0083\u0084\u0092IFSVLP0d\u008e\u0090".getBytes(ISO_8859_1)) {
      String code = "\u0080\u0002}" + (char) (instruction & 0xFF);
      refuses(new TorchForge().code(code), "instruction 0x");
    }
    refuses(new TorchForge().code("\u0080\u0002}"), "cut off");
    refuses(new TorchForge().code("\u0080\u0002R."), "has not made");
    refuses(new TorchForge().code("\u0080\u0002(q\u0000h\u0000."), "has not made");
    refuses(new TorchForge().code("\u0080\u0002K\u0001."), "it holds no dict");
    refuses(new TorchForge().code("\u0080\u0002}X\u00ff\u00ff\u00ff\u007f"), "cut off");
  }

  /** No depth and no cycle harms: nothing is walked through. */
  @Test
  void standsDepthCyclesAndBombs() throws IOException {
    String deep = "]".repeat(200_000) + "a".repeat(199_999);
    refuses(new TorchForge().code("\u0080\u0002}").text("a").code(deep + "s."), "'a' is no tensor");
    TorchForge cycle =
        new TorchForge().code("\u0080\u0002}q\u0000").text("model").code("h\u0000s.");
    refuses(cycle, "'model' is no tensor");
    TorchForge bomb = new TorchForge().code("\u0080\u0002]q\u0000");
    for (int i = 0; i < 100; i++) {
      bomb.code("](h\u0000h\u0000h\u0000h\u0000eq\u0000");
    }
    refuses(bomb.code("}").text("a").code("h\u0000s."), "'a' is no tensor");
    refuses(new TorchForge().code("\u0080\u0002" + "}".repeat(600_000)), "instructions");
    refuses(new TorchForge().code("\u0080\u0002" + "N".repeat(9 << 20)), "> maximum 8388608");
    TorchForge key = new TorchForge().code("\u0080\u0002}" + ")" + "\u0085".repeat(999));
    refuses(key.code("Ns."), "keys that are neither");
  }

  @Test
  void refusesStoragesThatAreNotWhatTheyClaim() throws IOException {
    int huge = Integer.MAX_VALUE;
    refuses(TorchForge.of("0", huge, 0, SIX, ROWS), "is not in the file as it should be");
    refuses(TorchForge.of("0", -1, 0, SIX, ROWS), "otherwise than PyTorch does");
    refuses(TorchForge.of("7", 6, 0, SIX, ROWS), "is not in the file as it should be");
    refuses(TorchForge.of("../byteorder", 6, 0, SIX, ROWS), "is not in the file as it should be");
    refuses(TorchForge.of("0", 6, 1, SIX, ROWS), "reaches out of its storage");
    refuses(TorchForge.of("0", 6, -1, SIX, ROWS), "otherwise than PyTorch does");
    refuses(TorchForge.of("0", 6, 0, new int[] {-2, -3}, ROWS), "otherwise than PyTorch does");
    refuses(TorchForge.of("0", 6, 0, new int[] {huge, huge}, ROWS), "more than 2^31 - 1 bytes");
    refuses(TorchForge.of("0", 6, 0, SIX, new int[] {0, 1}), "with gaps or numbers used twice");
    refuses(TorchForge.of("0", 6, 0, SIX, new int[] {1, 1}), "with gaps or numbers used twice");
    refuses(TorchForge.of("0", 6, 0, SIX, new int[] {huge, 1}), "with gaps or numbers used twice");
    refuses(TorchForge.of("0", 6, 0, SIX, new int[] {1}), "2 dimensions and 1 strides");
    refuses(TorchForge.of("0", 6, 0, new int[9], new int[9]), "otherwise than PyTorch does");
    TorchForge twice = new TorchForge().code("\u0080\u0002}(");
    twice.text("a").tensor("0", 6, 0, SIX, ROWS).text("b").tensor("0", 6, 0, SIX, ROWS);
    refuses(twice.code("u."), "or shares it");
  }

  @Test
  void refusesOtherZipFiles() throws IOException {
    TorchForge big = TorchForge.of("0", 6, 0, SIX, ROWS);
    big.members.put("byteorder", "big".getBytes(US_ASCII));
    refuses(big, "not little-endian");
    byte[] right = TorchForge.of("0", 6, 0, SIX, ROWS).zip().array();
    refuses(ByteBuffer.wrap(right, 0, right.length - 1).slice(), "cut off");
    refuses(ByteBuffer.wrap(new byte[] {'P', 'K', 3, 4}), "cut off");
    int entry = indexOf(right, "PK\1\2");
    refuses(changed(right, entry + 10, 8), "no data.pkl, or a packed one");
    refuses(changed(right, entry + 20, 77), "cut off");
    refuses(changed(right, entry + 42, 90), "is not where");
    refuses(changed(right, entry + 45, 90), "out of the file");
    int second = indexOf(right, "x/byteorder", entry) - 46;
    byte[] same = right.clone();
    same[second + 42] = 0;
    refuses(ByteBuffer.wrap(same), "overlaps another member");
    refuses(changed(right, indexOf(right, "PK\5\6") + 16, -1), "out of the file");
  }

  private static ByteBuffer changed(byte[] file, int at, int value) {
    byte[] changed = file.clone();
    changed[at] = (byte) value;
    return ByteBuffer.wrap(changed);
  }

  private static int indexOf(byte[] file, String text) {
    return indexOf(file, text, 0);
  }

  private static int indexOf(byte[] file, String text, int from) {
    return new String(file, ISO_8859_1).indexOf(text, from);
  }

  @Test
  void damagedFilesAreAnswered() throws IOException {
    fuzz(2_000);
  }

  @Test
  @Tag("proof")
  void manyDamagedFilesAreAnswered() throws IOException {
    fuzz(20_000);
  }

  private static void readNumbers(NamedArray array) {
    if (array.header().type().floating()) {
      array.floats();
    } else {
      array.longs();
    }
  }

  private void fuzz(int count) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (String kind : List.of("state_dict", "protocol4", "learner", "channels_last", "module")) {
      files.add(Files.readAllBytes(file(kind + ".pth")));
    }
    files.add(TorchForge.of("0", 6, 0, SIX, ROWS).zip().array());
    int read = 0;
    int refused = 0;
    for (int seed = 0; seed < count; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = TorchForge.damaged(files.get(seed % files.size()), random);
      long cpu = threads.getCurrentThreadCpuTime();
      long memory = threads.getCurrentThreadAllocatedBytes();
      try {
        TorchFile.read(ByteBuffer.wrap(bytes)).values().forEach(TorchFileTest::readNumbers);
        read++;
      } catch (Failure.Invalid e) {
        assertThat(e.getMessage()).as("file " + seed).isNotBlank();
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("file " + seed, e);
      }
      assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - cpu))
          .as("file " + seed)
          .isLessThan(MOST_CPU);
      assertThat(threads.getCurrentThreadAllocatedBytes() - memory)
          .as("file " + seed)
          .isLessThan(MOST_MEMORY);
    }
    assertThat(read).isGreaterThan(count / 20);
    assertThat(refused).isGreaterThan(count / 4);
  }
}
