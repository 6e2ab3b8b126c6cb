package dev.onecycle.checkpoint.format;

import static java.util.Objects.requireNonNull;

import dev.onecycle.checkpoint.format.PickledName.Storage;
import dev.onecycle.checkpoint.format.PickledName.TensorOf;
import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A reader of the state dicts that {@code torch.save} and fastai's {@code learn.save} write, of
 * unknown origin: a zip file with a pickle of names and shapes, and the numbers beside it. The
 * pickle is looked at by {@link Pickle}, which runs nothing. Nothing is allocated by what it merely
 * claims: arrays are slices of the file, and copies of no more than the file where they lie in
 * another order there.
 */
final class TorchFile {

  /** Where training scripts put the state dict among other things; fastai's is the first. */
  private static final List<String> KEYS = List.of("model", "state_dict", "model_state_dict");

  private static final int ZIP = 'P' | 'K' << 8 | 3 << 16 | 4 << 24;
  private static final ByteBuffer LITTLE =
      ByteBuffer.wrap("little".getBytes(StandardCharsets.US_ASCII));
  private static final int PICKLE = 0x80;
  private static final int LATEST_PICKLE = 5;

  private final Map<String, ByteBuffer> members;
  private final String root;

  /** How many bytes of a storage the arrays have taken. */
  private final Map<String, Long> taken = new HashMap<>();

  private TorchFile(Map<String, ByteBuffer> members, String root) {
    this.members = members;
    this.root = root;
  }

  /** Returns whether a file is what PyTorch writes, also what it wrote before there were zips. */
  static boolean is(Path file) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file)) {
      while (start.hasRemaining() && channel.read(start) >= 0) {} // may come in pieces
    }
    // A safetensors file begins with the length of its header, below 2^24, and a brace.
    boolean pickle = (start.get(0) & 0xFF) == PICKLE && start.get(1) <= LATEST_PICKLE;
    return start.getInt(0) == ZIP || (pickle && start.get(Long.BYTES) != '{');
  }

  /**
   * Maps a file and reads it; the arrays stay readable as long as it is not truncated.
   *
   * @return by name, in the order of the state dict
   * @throws Failure.Invalid if it is not a valid file of a state dict alone
   * @throws Failure.TooLarge if it has 2 GB or more
   */
  static Map<String, NamedArray> read(Path file) throws IOException {
    return read(SafetensorsReader.map(file));
  }

  /** As {@link #read(Path)}, from position 0 to the limit of {@code file}. */
  static Map<String, NamedArray> read(ByteBuffer file) {
    if (file.limit() < 2 || (file.get(0) & 0xFF) == PICKLE) {
      throw new Failure.Invalid(
          "a bare pickle: PyTorch's files of before 1.6, or an object of another kind",
          "Load it in Python and torch.save the model's state_dict() with a newer PyTorch.");
    }
    Map<String, ByteBuffer> members = ZipMembers.of(file);
    String pickle =
        members.keySet().stream()
            .filter(name -> name.endsWith("/data.pkl"))
            .findFirst()
            .orElseThrow(() -> invalid("it has no data.pkl, or a packed one"));
    String root = pickle.substring(0, pickle.lastIndexOf('/') + 1);
    if (members.containsKey(root + "constants.pkl")) {
      throw new Failure.Invalid("a TorchScript program, not a state dict", Pickle.FIX);
    }
    ByteBuffer order = members.get(root + "byteorder");
    if (order != null && !order.equals(LITTLE)) {
      throw invalid("its numbers are not little-endian");
    }
    return new TorchFile(members, root).arrays(Pickle.read(requireNonNull(members.get(pickle))));
  }

  private Map<String, NamedArray> arrays(Map<?, ?> pickled) {
    Map<?, ?> state = pickled;
    for (String key : KEYS) {
      if (pickled.get(key) instanceof Map<?, ?> inner) {
        state = inner;
        break;
      }
    }
    Map<String, NamedArray> arrays = new LinkedHashMap<>();
    state.forEach(
        (key, value) -> {
          if (key instanceof String name && value instanceof TensorOf tensor) {
            arrays.put(name, array(name, tensor));
          } else {
            throw invalid("not a state dict: " + named(key) + " is no tensor");
          }
        });
    if (arrays.size() > SafetensorsHeader.MAX_ARRAYS) {
      throw invalid("more than " + SafetensorsHeader.MAX_ARRAYS + " arrays");
    }
    return arrays;
  }

  private static String named(Object key) {
    return key instanceof String name ? "'" + name + "'" : "a key that is no text";
  }

  private NamedArray array(String name, TensorOf tensor) {
    if (name.length() > SafetensorsHeader.MAX_NAME) {
      throw invalid("a name of " + name.length() + " characters");
    }
    Storage storage = tensor.storage();
    ByteBuffer data = members.get(root + "data/" + storage.key());
    long size = storage.type().bytes();
    if (data == null || data.limit() != storage.numbers() * size) {
      throw invalid(
          name + ": its storage " + storage.key() + " is not in the file as it should be");
    }
    ArrayHeader header = header(name, tensor);
    long used = taken.merge(storage.key(), (long) header.bytes(), Long::sum);
    if (used > data.limit() || tensor.offset() > storage.numbers() - header.size()) {
      throw invalid(name + " reaches out of its storage, or shares it");
    }
    ByteBuffer numbers = data.slice((int) (tensor.offset() * size), header.bytes());
    return new NamedArray(header, new Strides(name, header, tensor.strides()).inOrder(numbers));
  }

  private static ArrayHeader header(String name, TensorOf tensor) {
    try {
      List<Integer> shape = tensor.shape().stream().map(Math::toIntExact).toList();
      return new ArrayHeader(name, tensor.storage().type(), shape);
    } catch (ArithmeticException e) {
      throw invalid(name + " of shape " + tensor.shape() + " has more than 2^31 - 1 bytes");
    }
  }

  static Failure.Invalid invalid(String message) {
    return new Failure.Invalid(
        "not a valid file of PyTorch: " + message,
        "Write it with torch.save(model.state_dict(), ...) or fastai's learn.save.");
  }
}
