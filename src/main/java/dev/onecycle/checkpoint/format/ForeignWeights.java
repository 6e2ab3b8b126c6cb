package dev.onecycle.checkpoint.format;

import dev.onecycle.checkpoint.format.StateArrays.Names;
import dev.onecycle.network.Architecture;
import dev.onecycle.network.Layout;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.recipe.Activation;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.recipe.Pooling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The weights that other libraries write, told apart by their content: safetensors or PyTorch's
 * {@code .pth}, by fastai's or timm's names.
 */
public final class ForeignWeights {

  /** What wrappers put before every name: a Lightning module, parallel training, a compiler. */
  private static final List<String> PREFIXES = List.of("model.", "module.", "_orig_mod.");

  private ForeignWeights() {}

  /**
   * Reads the state of a network of that layout. A prefix that all names have is dropped; of a
   * layout without a head, the file's head is left out.
   *
   * @throws Failure.Invalid if it is neither kind of file, or a broken one, or its arrays are not
   *     the layout's: one error per name, and which architecture they would be of
   * @throws Failure.TooLarge if it has 2 GB or more
   */
  public static StateDict read(Path file, Layout layout) throws IOException {
    Map<String, NamedArray> arrays =
        TorchFile.is(file) ? TorchFile.read(file) : SafetensorsReader.read(file).arrays();
    return state(arrays(unwrapped(arrays)), layout);
  }

  private static Map<String, NamedArray> unwrapped(Map<String, NamedArray> arrays) {
    for (String prefix : PREFIXES) {
      if (!arrays.isEmpty() && arrays.keySet().stream().allMatch(n -> n.startsWith(prefix))) {
        Map<String, NamedArray> inner = new LinkedHashMap<>();
        arrays.forEach((name, array) -> inner.put(name.substring(prefix.length()), array));
        return unwrapped(inner);
      }
    }
    return arrays;
  }

  /** timm's networks have stages of a name, fastai's of a number. */
  private static StateArrays arrays(Map<String, NamedArray> arrays) {
    boolean timm = arrays.keySet().stream().anyMatch(name -> name.startsWith("layer1."));
    return new StateArrays(arrays, timm ? Names.TIMM : Names.FASTAI);
  }

  /** Returns the state of a layout; throws as {@link #read} does. */
  static StateDict state(StateArrays arrays, Layout layout) {
    List<FieldError> errors = new ArrayList<>(arrays.misfits(layout));
    if (!errors.isEmpty()) {
      throw refusal(arrays, layout, errors);
    }
    StateDict state = arrays.state(layout, errors);
    if (!errors.isEmpty()) {
      throw refusal(layout, errors, "Train them anew: numbers that are not finite are of no use.");
    }
    return state;
  }

  private static Failure.Invalid refusal(
      StateArrays arrays, Layout layout, List<FieldError> errors) {
    return refusal(layout, errors, advice(arrays));
  }

  private static Failure.Invalid refusal(Layout layout, List<FieldError> errors, String fix) {
    String first = errors.get(0).field() + " " + errors.get(0).message();
    return new Failure.Invalid(
        "%d arrays do not fit %s, such as: %s".formatted(errors.size(), said(layout), first),
        fix,
        errors);
  }

  private static String said(Layout layout) {
    String name = layout.architecture().name();
    return layout.classes() == 0
        ? "the body of " + name
        : name + " with " + layout.classes() + " labels";
  }

  /** A known architecture, and how many arrays are not its own. */
  private record Candidate(Layout layout, int misfits) {}

  private static String advice(StateArrays arrays) {
    if (arrays.arrays().containsKey("conv1.weight")) {
      return "They have a plain ResNet's stem of one convolution; take timm's with a d in its name,"
          + " such as resnet50d.";
    }
    int classes = arrays.classes();
    Candidate nearest =
        candidates(arrays, classes).min(Comparator.comparingInt(Candidate::misfits)).orElseThrow();
    String architecture = nearest.layout.architecture().name();
    if (nearest.misfits > 0) {
      return "They fit no architecture that is known here; the nearest, %s, differs in %d arrays."
          .formatted(said(nearest.layout), nearest.misfits);
    }
    return classes == 0
        ? "They are the body of %s: give that architecture, and no labels.".formatted(architecture)
        : "They are %s: give that architecture and as many labels, or no labels for its body alone."
            .formatted(said(nearest.layout));
  }

  private static Stream<Candidate> candidates(StateArrays arrays, int classes) {
    return Stream.of(false, true)
        .flatMap(attention -> Architecture.names().stream().map(name -> kind(name, attention)))
        .map(kind -> Layout.of(Architecture.of(kind), classes))
        .map(layout -> new Candidate(layout, arrays.misfits(layout).size()));
  }

  /** What neither activation nor pool changes: no array is theirs. */
  private static NetworkKind kind(String architecture, boolean attention) {
    return new NetworkKind(architecture, Activation.RELU, Pooling.MAX, attention);
  }
}
