package dev.onecycle.checkpoint;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.onecycle.image.Chain;
import dev.onecycle.network.Architecture;
import dev.onecycle.network.Layout;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.LabelName;
import dev.onecycle.platform.Nearest;
import dev.onecycle.platform.Settings;
import dev.onecycle.recipe.Activation;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.recipe.Pooling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of weights: everything that is needed to predict with them, and where they come from.
 *
 * @param formatVersion of this record, {@value #FORMAT_VERSION}
 * @param activation never null in a manifest that exists, nor are the next two: what is absent is
 *     plain, as all networks were once
 * @param labels class names; a label's index is its logit's position; none of a body, whose head is
 *     still to be trained
 * @param recipe the resolved recipe as a JSON tree, or null for weights from elsewhere
 * @param metrics null for weights from elsewhere
 * @param origin null for weights from elsewhere
 * @param stateSha256 over the weights alone, see {@link
 *     dev.onecycle.checkpoint.format.WeightsFile#sha256}: two runs whose hashes are equal ended
 *     with the same weights, bit for bit; null until they are stored
 * @param selfTest what the weights must answer wherever they are loaded; null until they are
 *     stored, and for those stored before there was one
 */
public record Manifest(
    int formatVersion,
    String architecture,
    @Nullable Activation activation,
    @Nullable Pooling pooling,
    @Nullable Boolean selfAttention,
    List<String> labels,
    Preprocessing preprocessing,
    @JsonInclude(content = JsonInclude.Include.ALWAYS) @Nullable Map<String, Object> recipe,
    @Nullable Metrics metrics,
    @Nullable Origin origin,
    @Nullable String stateSha256,
    @Nullable SelfTest selfTest) {

  public static final int FORMAT_VERSION = 1;

  /**
   * Checks every field.
   *
   * @throws dev.onecycle.platform.Failure.Invalid naming each field that is wrong
   */
  public Manifest {
    List<FieldError> errors = new ArrayList<>();
    if (formatVersion != FORMAT_VERSION) {
      String message = "is " + formatVersion + ", known is " + FORMAT_VERSION;
      errors.add(new FieldError("formatVersion", message, formatVersion, FORMAT_VERSION));
    }
    if (architecture == null || !Architecture.names().contains(architecture)) {
      String message = Nearest.unknown("value", String.valueOf(architecture), Architecture.names());
      errors.add(new FieldError("architecture", message, architecture, Architecture.names()));
    }
    activation = activation == null ? Activation.RELU : activation;
    pooling = pooling == null ? Pooling.MAX : pooling;
    selfAttention = selfAttention != null && selfAttention;
    labels = labels == null ? List.of() : Collections.unmodifiableList(new ArrayList<>(labels));
    errors.addAll(labelErrors(labels));
    if (preprocessing == null) {
      errors.add(new FieldError("preprocessing", "must not be null", null, null));
    }
    Settings.refuse(errors);
    if (preprocessing.chain() == null) {
      // What was trained then, was trained here and on sharp pixels; the rest comes from fastai.
      preprocessing = preprocessing.by(recipe == null ? Chain.FASTAI : Chain.SHARP);
    }
    recipe = recipe == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(recipe));
  }

  /** Makes a manifest of this format version. */
  public Manifest(
      NetworkKind network,
      List<String> labels,
      Preprocessing preprocessing,
      @Nullable Map<String, Object> recipe,
      @Nullable Metrics metrics,
      @Nullable Origin origin) {
    this(
        FORMAT_VERSION,
        network.architecture(),
        network.activation(),
        network.pooling(),
        network.selfAttention(),
        labels,
        preprocessing,
        recipe,
        metrics,
        origin,
        null,
        null);
  }

  /** Returns the same with what is known of its weights. */
  Manifest of(String sha256, @Nullable SelfTest test) {
    return new Manifest(
        formatVersion,
        architecture,
        activation,
        pooling,
        selfAttention,
        labels,
        preprocessing,
        recipe,
        metrics,
        origin,
        sha256,
        test);
  }

  /** Returns what network the weights belong to. */
  public NetworkKind network() {
    return new NetworkKind(
        architecture,
        requireNonNull(activation),
        requireNonNull(pooling),
        requireNonNull(selfAttention));
  }

  /** Names and shapes of the weights. */
  public Layout layout() {
    return Layout.of(Architecture.of(network()), labels.size());
  }

  /** Returns whether there is no head, so that it can be trained from, and not predict. */
  public boolean isBody() {
    return labels.isEmpty();
  }

  /** Returns what weights cannot have as labels, each named {@code labels[i]}; none for none. */
  public static List<FieldError> labelErrors(List<String> labels) {
    int count = labels.size();
    if (count == 1 || count > LabelName.MOST) {
      String message = count + " labels, allowed are 2 to " + LabelName.MOST;
      return List.of(new FieldError("labels", message, count, LabelName.MOST));
    }
    List<FieldError> errors = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < count; i++) {
      String label = labels.get(i);
      String message = null;
      if (label == null || label.isBlank()) {
        message = "must not be empty";
      } else if (label.length() > LabelName.LONGEST) {
        message = label.length() + " characters > maximum " + LabelName.LONGEST;
      } else if (label.chars().anyMatch(Character::isISOControl)) {
        message = "has control characters";
      } else if (!seen.add(label)) {
        message = "stands in the list twice";
      }
      if (message != null) {
        errors.add(new FieldError("labels[" + i + "]", message, label, null));
      }
    }
    return errors;
  }
}
