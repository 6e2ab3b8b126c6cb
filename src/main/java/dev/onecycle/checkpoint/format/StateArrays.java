package dev.onecycle.checkpoint.format;

import static java.util.Objects.requireNonNull;

import dev.onecycle.network.Architecture;
import dev.onecycle.network.Layout;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Failure.FieldError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of a network's state, by the names of one of the libraries that write such.
 *
 * @param arrays by the file's names
 * @param names which of them
 */
record StateArrays(Map<String, NamedArray> arrays, Names names) {

  /** The libraries whose names are known. */
  enum Names {
    FASTAI("\\d+\\.weight") {
      @Override
      Function<Layout.Entry, String> of(Architecture architecture) {
        return Layout.Entry::name;
      }

      @Override
      String head(Architecture architecture) {
        return architecture.head() + ".";
      }
    },
    TIMM("fc\\.weight") {
      @Override
      Function<Layout.Entry, String> of(Architecture architecture) {
        return TimmNames.of(architecture)::of;
      }

      @Override
      String head(Architecture architecture) {
        return "fc.";
      }
    };

    private final Pattern headWeight;

    Names(String headWeight) {
      this.headWeight = Pattern.compile(headWeight);
    }

    /** Returns what gives an entry of that architecture its name in the file. */
    abstract Function<Layout.Entry, String> of(Architecture architecture);

    /** Returns what the names of its head's arrays begin with. */
    abstract String head(Architecture architecture);
  }

  /** Returns how many labels the head in the file has; 0 where there is none. */
  int classes() {
    return arrays.values().stream()
        .map(NamedArray::header)
        .filter(header -> header.shape().size() == 2)
        .filter(header -> names.headWeight.matcher(header.name()).matches())
        .mapToInt(header -> header.shape().get(0))
        .findFirst()
        .orElse(0);
  }

  /** Returns what does not fit a layout, without looking at the numbers. */
  List<FieldError> misfits(Layout layout) {
    Function<Layout.Entry, String> name = names.of(layout.architecture());
    Map<String, NamedArray> left = new LinkedHashMap<>(arrays);
    List<FieldError> errors = new ArrayList<>();
    for (Layout.Entry entry : layout.entries()) {
      FieldError error = misfit(name.apply(entry), entry, left.remove(name.apply(entry)));
      if (error != null) {
        errors.add(error);
      }
    }
    String head = names.head(layout.architecture());
    left.forEach(
        (unknown, array) -> {
          if (layout.classes() > 0 || !unknown.startsWith(head)) {
            errors.add(new FieldError(unknown, "is unknown", array.header().shape(), null));
          }
        });
    return errors;
  }

  private static @Nullable FieldError misfit(
      String name, Layout.Entry entry, @Nullable NamedArray array) {
    if (array == null) {
      // PyTorch forgives their absence too: nothing is computed from them.
      return counter(entry) ? null : new FieldError(name, "is missing", null, entry.shape());
    }
    ArrayHeader header = array.header();
    if (!header.shape().equals(entry.shape())) {
      String message = "has shape " + header.shape() + " instead of " + entry.shape();
      return new FieldError(name, message, header.shape(), entry.shape());
    }
    if (header.type().floating() == counter(entry)) {
      String expected = counter(entry) ? "whole" : "floating";
      String message = "is " + header.type() + " instead of " + expected + " numbers";
      return new FieldError(name, message, header.type(), expected);
    }
    return null;
  }

  /**
   * Returns the state of a layout that they fit; floating numbers of any width become floats. Batch
   * counters may differ (the largest is kept), and are 0 where there are none.
   *
   * @param errors gets one for each array that holds infinities or NaN
   */
  StateDict state(Layout layout, List<FieldError> errors) {
    Function<Layout.Entry, String> name = names.of(layout.architecture());
    Map<String, float[]> values = new LinkedHashMap<>();
    long batchesTracked = 0;
    for (Layout.Entry entry : layout.entries()) {
      NamedArray array = arrays.get(name.apply(entry));
      if (counter(entry)) {
        batchesTracked =
            array == null ? batchesTracked : Math.max(batchesTracked, array.longs()[0]);
      } else {
        values.put(entry.name(), finite(requireNonNull(array), errors));
      }
    }
    return new StateDict(layout, values, batchesTracked);
  }

  static boolean counter(Layout.Entry entry) {
    return entry.kind() == Layout.Kind.BATCHES_TRACKED;
  }

  private static float[] finite(NamedArray array, List<FieldError> errors) {
    float[] numbers = array.floats();
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        String message = "holds " + number + ", which is not a finite number";
        errors.add(new FieldError(array.header().name(), message, Float.toString(number), null));
        break;
      }
    }
    return numbers;
  }
}
