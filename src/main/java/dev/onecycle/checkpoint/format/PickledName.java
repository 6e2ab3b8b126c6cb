package dev.onecycle.checkpoint.format;

import static dev.onecycle.checkpoint.format.TorchFile.invalid;

import dev.onecycle.checkpoint.format.Pickle.Other;
import dev.onecycle.platform.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A name of Python's that a pickle may mention, and what the value looks like that Python would
 * make by calling it. All others are refused: see {@link #of}.
 *
 * @param type of the numbers, if it names a storage
 */
record PickledName(Meaning meaning, @Nullable ElementType type) {

  private static final int MAX_DIMENSIONS = 8;

  /** What a name stands for. */
  enum Meaning {
    DICT,
    TENSOR,
    PARAMETER,
    STORAGE,
    /** The values of an optimizer that fastai saves beside the weights. */
    UNINTERESTING
  }

  /** The numbers of tensors, in a member of the file. */
  record Storage(ElementType type, String key, int numbers) {}

  /** What a tensor is made of; offset and strides in numbers. */
  record TensorOf(Storage storage, long offset, List<Long> shape, List<Long> strides) {}

  private static final Map<String, PickledName> KNOWN =
      Stream.of(
              Map.entry("collections.OrderedDict", Meaning.DICT),
              Map.entry("torch._utils._rebuild_tensor_v2", Meaning.TENSOR),
              Map.entry("torch._utils._rebuild_parameter", Meaning.PARAMETER),
              Map.entry("fastcore.foundation.L", Meaning.UNINTERESTING),
              Map.entry("numpy.dtype", Meaning.UNINTERESTING),
              Map.entry("numpy.core.multiarray.scalar", Meaning.UNINTERESTING),
              Map.entry("numpy._core.multiarray.scalar", Meaning.UNINTERESTING),
              Map.entry("_codecs.encode", Meaning.UNINTERESTING))
          .collect(Collectors.toMap(Map.Entry::getKey, e -> new PickledName(e.getValue(), null)));

  private static final Map<String, ElementType> STORAGES =
      Map.of(
          "torch.DoubleStorage", ElementType.F64,
          "torch.FloatStorage", ElementType.F32,
          "torch.HalfStorage", ElementType.F16,
          "torch.BFloat16Storage", ElementType.BF16,
          "torch.LongStorage", ElementType.I64,
          "torch.IntStorage", ElementType.I32,
          "torch.ShortStorage", ElementType.I16,
          "torch.CharStorage", ElementType.I8,
          "torch.ByteStorage", ElementType.U8,
          "torch.BoolStorage", ElementType.BOOL);

  /**
   * Returns the meaning of a name.
   *
   * @throws Failure.Invalid if it is not one that state dicts need
   */
  static PickledName of(String module, String name) {
    String whole = module + "." + name;
    ElementType storage = STORAGES.get(whole);
    if (storage != null) {
      return new PickledName(Meaning.STORAGE, storage);
    }
    PickledName known = KNOWN.get(whole);
    if (known == null) {
      String shown = whole.substring(0, Math.min(whole.length(), 100));
      throw new Failure.Invalid(
          "not a state dict: its pickle calls "
              + shown.replaceAll("[^\\x20-\\x7e]", "?")
              + ". Whole learners and modules (learn.export, torch.save(model)) are programs, which"
              + " are not run here",
          Pickle.FIX);
    }
    return known;
  }

  /**
   * Returns what a call makes.
   *
   * @throws Failure.Invalid if the arguments are not those of the name
   */
  Object call(List<?> arguments) {
    return switch (meaning) {
      case DICT -> {
        require(arguments.isEmpty());
        yield new LinkedHashMap<>();
      }
      case TENSOR -> tensor(arguments);
      case PARAMETER -> {
        require(!arguments.isEmpty() && arguments.get(0) instanceof TensorOf);
        yield arguments.get(0);
      }
      case STORAGE -> throw wrong();
      case UNINTERESTING -> Other.OTHER;
    };
  }

  private static TensorOf tensor(List<?> arguments) {
    require(arguments.size() >= 4);
    if (arguments.get(0) instanceof Storage storage
        && arguments.get(1) instanceof Long offset
        && arguments.get(2) instanceof List<?> shape
        && arguments.get(3) instanceof List<?> strides) {
      require(offset >= 0);
      return new TensorOf(storage, offset, counts(shape), counts(strides));
    }
    throw wrong();
  }

  /**
   * Reads {@code ('storage', type, key, device, numbers)}.
   *
   * @throws Failure.Invalid if it is anything else
   */
  static Storage storage(@Nullable Object id) {
    if (id instanceof List<?> parts
        && parts.size() >= 5
        && parts.get(1) instanceof PickledName name
        && name.type != null
        && parts.get(2) instanceof String key
        && parts.get(4) instanceof Long numbers) {
      require(numbers >= 0 && numbers <= Integer.MAX_VALUE);
      return new Storage(name.type, key, numbers.intValue());
    }
    throw wrong();
  }

  private static List<Long> counts(List<?> numbers) {
    require(numbers.size() <= MAX_DIMENSIONS);
    List<Long> counts = new ArrayList<>();
    for (Object number : numbers) {
      if (!(number instanceof Long count) || count < 0) {
        throw wrong();
      }
      counts.add(count);
    }
    return counts;
  }

  private static void require(boolean right) {
    if (!right) {
      throw wrong();
    }
  }

  private static Failure.Invalid wrong() {
    return invalid("its pickle describes a tensor or dict otherwise than PyTorch does");
  }
}
