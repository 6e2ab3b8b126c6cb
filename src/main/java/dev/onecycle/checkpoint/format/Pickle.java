package dev.onecycle.checkpoint.format;

import static dev.onecycle.checkpoint.format.TorchFile.invalid;

import dev.onecycle.platform.Failure;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the pickles in PyTorch's files. Python would run them: they are programs for a small
 * stack machine that may call anything. This one knows the few instructions that state dicts are
 * made of, and of what they may call only how tensors and ordered dicts look; it calls nothing,
 * makes no object of a name in the file, and never walks through what it has made, so that no depth
 * and no cycle harms it. One instruction makes one object, and there are at most {@value
 * #MAX_INSTRUCTIONS}.
 */
final class Pickle {

  static final String FIX =
      "Save the state dict alone: learn.save('name', with_opt=False), or"
          + " torch.save(model.state_dict(), 'name.pth').";

  private static final int MAX_BYTES = 8 << 20;
  private static final int MAX_INSTRUCTIONS = 500_000;
  private static final int MAX_TEXT = 1024;

  /** What is on the stack besides values of the dict. */
  enum Other {
    /** A value of no interest: truth, a floating number, a setting of an optimizer. */
    OTHER,
    /** Where the values begin that the next instruction but some takes together. */
    MARK
  }

  private final ByteBuffer code;
  private final List<@Nullable Object> stack = new ArrayList<>();
  private final Map<Integer, @Nullable Object> memo = new HashMap<>();

  private Pickle(ByteBuffer code) {
    this.code = code.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads the dict that a pickle makes. Values in it are texts, whole numbers, tensors, maps, lists
   * or nothing that is known.
   *
   * @throws Failure.Invalid if it is broken, too large, no dict, or would call anything else
   */
  static Map<?, ?> read(ByteBuffer code) {
    if (code.limit() > MAX_BYTES) {
      throw invalid("a pickle of " + code.limit() + " bytes > maximum " + MAX_BYTES);
    }
    try {
      return new Pickle(code).run() instanceof Map<?, ?> dict ? dict : noDict();
    } catch (BufferUnderflowException e) {
      throw invalid("its pickle is cut off");
    }
  }

  private static Map<?, ?> noDict() {
    throw invalid("it holds no dict");
  }

  private @Nullable Object run() {
    for (int i = 0; i < MAX_INSTRUCTIONS; i++) {
      int instruction = Byte.toUnsignedInt(code.get());
      if (instruction == '.') {
        return pop();
      }
      step(instruction);
    }
    throw invalid("a pickle of more than " + MAX_INSTRUCTIONS + " instructions");
  }

  private void step(int instruction) {
    switch (instruction) {
      case 0x80 -> code.get(); // the protocol; what matters of it is in the instructions
      case 0x95 -> code.getLong(); // a frame, which only hints at how to read ahead
      case '(' -> push(Other.MARK);
      case 'N' -> push(null);
      case 0x88, 0x89 -> push(Other.OTHER); // true, false
      case 'K' -> push((long) (code.get() & 0xFF));
      case 'M' -> push((long) (code.getShort() & 0xFFFF));
      case 'J' -> push((long) code.getInt());
      case 0x8a -> push(whole(bytes(code.get() & 0xFF)));
      case 'G' -> push(other(8)); // a floating number
      case 'X' -> push(text(code.getInt()));
      case 0x8c -> push(text(code.get() & 0xFF));
      case 'C' -> push(other(code.get() & 0xFF)); // bytes
      case ')' -> push(new ArrayList<>());
      case ']' -> push(new ArrayList<>());
      case '}' -> push(new LinkedHashMap<>());
      case 't' -> push(sinceMark());
      case 0x85 -> push(top(1));
      case 0x86 -> push(top(2));
      case 0x87 -> push(top(3));
      case 'a' -> append(top(1));
      case 'e' -> append(sinceMark());
      case 's' -> set(top(2));
      case 'u' -> set(sinceMark());
      case 'q' -> memo.put(code.get() & 0xFF, last());
      case 'r' -> memo.put(code.getInt(), last());
      case 0x94 -> memo.put(memo.size(), last());
      case 'h' -> push(remembered(code.get() & 0xFF));
      case 'j' -> push(remembered(code.getInt()));
      case 'c' -> push(PickledName.of(line(), line()));
      case 0x93 -> push(name(top(2)));
      case 'Q' -> push(PickledName.storage(pop()));
      case 'R', 0x81 -> push(call(top(2)));
      case 'b' -> pop(); // sets attributes, such as the version of a state dict
      default -> throw invalid("its pickle has the instruction 0x%02x".formatted(instruction));
    }
  }

  private void push(@Nullable Object value) {
    stack.add(value);
  }

  private @Nullable Object pop() {
    Object value = last();
    stack.remove(stack.size() - 1);
    return value;
  }

  private @Nullable Object last() {
    if (stack.isEmpty() || stack.get(stack.size() - 1) == Other.MARK) {
      throw wrong();
    }
    return stack.get(stack.size() - 1);
  }

  private List<@Nullable Object> top(int count) {
    return taken(stack.size() - count);
  }

  private List<@Nullable Object> sinceMark() {
    int mark = stack.lastIndexOf(Other.MARK);
    if (mark < 0) {
      throw wrong();
    }
    List<@Nullable Object> values = taken(mark + 1);
    stack.remove(mark);
    return values;
  }

  private List<@Nullable Object> taken(int from) {
    if (from < 0 || stack.subList(from, stack.size()).contains(Other.MARK)) {
      throw wrong();
    }
    List<@Nullable Object> last = stack.subList(from, stack.size());
    List<@Nullable Object> values = new ArrayList<>(last);
    last.clear();
    return values;
  }

  private static Failure.Invalid wrong() {
    return invalid("its pickle takes what it has not made");
  }

  /** What is appended to anything but a list is of no interest. */
  @SuppressWarnings("unchecked")
  private void append(List<@Nullable Object> values) {
    if (last() instanceof ArrayList<?> list) {
      ((List<@Nullable Object>) list).addAll(values);
    }
  }

  @SuppressWarnings("unchecked")
  private void set(List<@Nullable Object> keysAndValues) {
    if (keysAndValues.size() % 2 != 0) {
      throw wrong();
    }
    if (last() instanceof LinkedHashMap<?, ?> dict) {
      for (int i = 0; i < keysAndValues.size(); i += 2) {
        Object key = keysAndValues.get(i);
        if (!(key instanceof String || key instanceof Long)) {
          throw invalid("a dict in it has keys that are neither short texts nor whole numbers");
        }
        ((Map<Object, @Nullable Object>) dict).put(key, keysAndValues.get(i + 1));
      }
    }
  }

  private @Nullable Object remembered(int place) {
    if (!memo.containsKey(place)) {
      throw wrong();
    }
    return memo.get(place);
  }

  private static Object name(List<@Nullable Object> moduleAndName) {
    if (moduleAndName.get(0) instanceof String module
        && moduleAndName.get(1) instanceof String name) {
      return PickledName.of(module, name);
    }
    throw wrong();
  }

  private static Object call(List<@Nullable Object> nameAndArguments) {
    if (nameAndArguments.get(0) instanceof PickledName called
        && nameAndArguments.get(1) instanceof List<?> arguments) {
      return called.call(arguments);
    }
    throw invalid("its pickle calls what has no name");
  }

  private Object other(int length) {
    bytes(length);
    return Other.OTHER;
  }

  private byte[] bytes(int length) {
    if (length < 0 || length > code.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    code.get(bytes);
    return bytes;
  }

  private Object text(int length) {
    byte[] bytes = bytes(length);
    return length > MAX_TEXT ? Other.OTHER : new String(bytes, StandardCharsets.UTF_8);
  }

  private String line() {
    int begin = code.position();
    int length = 0;
    while (code.get() != '\n') {
      length++;
    }
    code.position(begin);
    String line = new String(bytes(length), StandardCharsets.UTF_8);
    code.get();
    return line;
  }

  /** Little-endian, of up to eight bytes; longer ones are of no interest. */
  private static Object whole(byte[] bytes) {
    if (bytes.length > Long.BYTES) {
      return Other.OTHER;
    }
    long value = bytes.length == 0 || bytes[bytes.length - 1] >= 0 ? 0 : -1;
    for (int i = bytes.length - 1; i >= 0; i--) {
      value = value << 8 | (bytes[i] & 0xFF);
    }
    return value;
  }
}
