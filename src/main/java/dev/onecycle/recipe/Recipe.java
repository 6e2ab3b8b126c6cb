package dev.onecycle.recipe;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.onecycle.image.Augmentation;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Setting;
import dev.onecycle.platform.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every hyper-parameter of a run. A recipe that exists is one that can be trained: its constructor
 * throws {@link dev.onecycle.platform.Failure.Invalid} naming each field that is wrong, its value
 * and its limit. Rules between fields are checked once the fields themselves are right.
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Recipe(
    @Setting(
            value = "the network",
            oneOf = {
              "xresnet18",
              "xresnet34",
              "xresnet50",
              "xresnet101",
              "xresnet152",
              "xresnet18_deep",
              "xresnet34_deep",
              "xresnet50_deep",
              "xresnet18_deeper",
              "xresnet34_deeper",
              "xresnet50_deeper",
              "xse_resnet18",
              "xse_resnet34",
              "xse_resnet50",
              "xse_resnet101",
              "xse_resnet152",
              "xresnext18",
              "xresnext34",
              "xresnext50",
              "xresnext101",
              "xse_resnext18",
              "xse_resnext34",
              "xse_resnext50",
              "xse_resnext101",
              "xse_resnext18_deep",
              "xse_resnext34_deep",
              "xse_resnext50_deep",
              "xse_resnext18_deeper",
              "xse_resnext34_deeper",
              "xse_resnext50_deeper",
              "spine",
              "spine2"
            })
        String architecture,
    @Setting("what follows each norm of the network") Activation activation,
    @Setting("how the network halves sides, where no convolution does") Pooling pooling,
    @Setting("whether one block of the network relates every place of a picture to every other")
        boolean selfAttention,
    @Setting("whose channel means and deviations pictures are normalised by")
        Normalization normalize,
    @Setting(
            value = "side that each picture is cropped and resized to before it is augmented",
            min = 32,
            max = 1024)
        int itemSize,
    @Setting("which pictures validate; drawing anew leaks training pictures into validation")
        Split split,
    @Setting(value = "the fits, in order", minItems = 1, maxItems = 16) List<Phase> phases,
    @Setting(
            value = "epochs from one validation to the next; a phase's last is always validated",
            min = 1,
            max = 1000)
        int validateEvery,
    @Setting("how far training pictures are changed at random") Augmentation augmentation,
    @Setting(value = "blending of pictures; null for none", orNull = true) @Nullable Mixup mixup,
    @Setting(value = "share of the target spread over all labels", min = 0, max = 0.9)
        double labelSmoothing,
    @Setting("how gradients change weights") Optimizer optimizer,
    @Setting(
            value = "decay of the weights' running average; null for none",
            min = 0.5,
            max = 0.99999,
            orNull = true)
        @Nullable Double ema,
    @Setting(value = "ending early; null for never", orNull = true)
        @Nullable EarlyStopping earlyStopping,
    @Setting(
            value = "the time to train in, epochs being shares of it; null for all of them",
            orNull = true)
        @Nullable Budget budget,
    @Setting(value = "test-time augmentation; null for none", orNull = true) @Nullable Tta tta,
    @Setting("numbers of the forward and backward pass; auto is the device's best")
        Precision precision,
    @Setting("what happens when a batch does not fit in the device's memory")
        OnOutOfMemory onOutOfMemory,
    @Setting("where every random draw starts from") long seed) {

  /** The origin of the channel means and deviations. */
  public enum Normalization {
    @JsonProperty("imagenet")
    IMAGENET,
    @JsonProperty("dataset")
    DATASET,
    @JsonProperty("none")
    NONE,
    /** As the pictures were that the checkpoint was trained on which the run starts from. */
    @JsonProperty("checkpoint")
    CHECKPOINT
  }

  /** The choice of the pictures that validate. */
  public enum Split {
    @JsonProperty("dataset")
    DATASET,
    /** The notebook's leak: each phase validates on pictures that an earlier one trained on. */
    @JsonProperty("redraw-each-phase")
    REDRAW_EACH_PHASE
  }

  /** The numbers of the forward and backward pass. */
  public enum Precision {
    @JsonProperty("auto")
    AUTO,
    @JsonProperty("float32")
    FLOAT32,
    @JsonProperty("bfloat16")
    BFLOAT16;

    /**
     * Returns whether that is bfloat16 on a device.
     *
     * @param faster whether bfloat16 is the faster one there
     */
    public boolean isBfloat16(boolean faster) {
      return this == BFLOAT16 || (this == AUTO && faster);
    }
  }

  /** The answer to a batch that does not fit in the device's memory. */
  public enum OnOutOfMemory {
    @JsonProperty("fail")
    FAIL,
    @JsonProperty("halve-batch")
    HALVE_BATCH
  }

  /** Of a batch's pictures: what one buffer of float32 can hold. */
  private static final long MAX_BATCH_NUMBERS = (1L << 31) / 4 - 1;

  /** What a recipe is where its author says nothing: the notebook's run with normalisation. */
  static final Recipe DEFAULT =
      new Recipe(
          "xresnet50",
          Activation.RELU,
          Pooling.MAX,
          false,
          Normalization.IMAGENET,
          460,
          Split.DATASET,
          List.of(Phase.defaults(Phase.Policy.ONE_CYCLE)),
          1,
          Augmentation.fastai(),
          null,
          0,
          Optimizer.defaults(Optimizer.Kind.ADAMW),
          null,
          null,
          null,
          null,
          Precision.AUTO,
          OnOutOfMemory.FAIL,
          42);

  /**
   * Reads a recipe back from its JSON; absent fields get fastai's defaults.
   *
   * @throws dev.onecycle.platform.Failure.Invalid as {@link RecipeReader#read} does
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Recipe of(Map<String, Object> tree) {
    return RecipeReader.read(tree, null);
  }

  public Recipe {
    Settings.check(
        Recipe.class,
        architecture,
        activation,
        pooling,
        selfAttention,
        normalize,
        itemSize,
        split,
        phases,
        validateEvery,
        augmentation,
        mixup,
        labelSmoothing,
        optimizer,
        ema,
        earlyStopping,
        budget,
        tta,
        precision,
        onOutOfMemory,
        seed);
    phases = List.copyOf(phases);
    List<FieldError> wrong = unreachable(phases, itemSize);
    if (selfAttention && architecture.startsWith("spine")) {
      String message = architecture + " has no block that could attend";
      wrong.add(new FieldError("selfAttention", message, true, false));
    }
    if (budget != null && onOutOfMemory == OnOutOfMemory.HALVE_BATCH) {
      String message = "halve-batch would begin anew, for which a budget has no time";
      wrong.add(new FieldError("onOutOfMemory", message, "halve-batch", "fail"));
    }
    Settings.refuse(wrong);
  }

  /** Returns the same with other phases. */
  public Recipe with(List<Phase> others) {
    return new Recipe(
        architecture,
        activation,
        pooling,
        selfAttention,
        normalize,
        itemSize,
        split,
        others,
        validateEvery,
        augmentation,
        mixup,
        labelSmoothing,
        optimizer,
        ema,
        earlyStopping,
        budget,
        tta,
        precision,
        onOutOfMemory,
        seed);
  }

  private static List<FieldError> unreachable(List<Phase> phases, int itemSize) {
    List<FieldError> errors = new ArrayList<>();
    for (int i = 0; i < phases.size(); i++) {
      Phase phase = phases.get(i);
      String path = "phases[" + i + "].";
      unreachable(path, phase.size(), phase.batchSize(), itemSize, errors);
      for (int j = 0; j < phase.plan().size(); j++) {
        Stretch stretch = phase.plan().get(j);
        String part = path + "plan[" + j + "].";
        unreachable(part, stretch.size(), stretch.batchSize(), itemSize, errors);
      }
    }
    return errors;
  }

  private static void unreachable(
      String path, int size, int batch, int itemSize, List<FieldError> errors) {
    if (size > itemSize) {
      String message = "size " + size + " > itemSize " + itemSize + ", which it is made from";
      errors.add(new FieldError(path + "size", message, size, itemSize));
    }
    long largest = MAX_BATCH_NUMBERS / (3L * size * size);
    if (batch > largest) {
      String message = "batch " + batch + " of " + size + "px > " + largest + ", which is 2 GB";
      errors.add(new FieldError(path + "batchSize", message, batch, largest));
    }
  }

  /** Returns whether an epoch, from 0, of a phase that has so many ends with a validation. */
  public boolean validates(int epoch, int epochs) {
    return (epoch + 1) % validateEvery == 0 || epoch == epochs - 1;
  }

  /** Returns what network is trained. */
  public NetworkKind network() {
    return new NetworkKind(architecture, activation, pooling, selfAttention);
  }

  /** Returns how many epochs go before {@code phase}, which counts from 1. */
  public int epochsBefore(int phase) {
    return phases.subList(0, phase - 1).stream().mapToInt(Phase::totalEpochs).sum();
  }

  /** Returns all epochs of all phases. */
  public int totalEpochs() {
    return phases.stream().mapToInt(Phase::totalEpochs).sum();
  }
}
