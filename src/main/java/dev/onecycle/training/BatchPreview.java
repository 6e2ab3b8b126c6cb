package dev.onecycle.training;

import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Views;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.Stretch;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first training batch of a phase, exactly as a run of that recipe would give it to the
 * network: the same pictures, draws and numbers, made without a device.
 *
 * @param batchSize how many pictures the whole batch has
 * @param size side of each, in pixels
 * @param normalization what the views went through
 * @param pictures the first of them, in the batch's order
 */
public record BatchPreview(
    int batchSize, int size, Normalization normalization, List<Seen> pictures) {

  /**
   * One picture of the batch.
   *
   * @param label its own
   * @param partner the label that is blended in, with mixup
   * @param lambda how much of the picture is its own, with mixup
   * @param view [size, size, 3], normalised, blended
   */
  public record Seen(
      String label, @Nullable String partner, @Nullable Float lambda, float[] view) {}

  /**
   * Mean and unbiased standard deviation of each channel over the pictures shown.
   *
   * @param mean red, green, blue
   */
  public record Channels(List<Double> mean, List<Double> std) {

    private static Channels of(List<float[]> views) {
      List<Double> mean = new ArrayList<>();
      List<Double> std = new ArrayList<>();
      for (int channel = 0; channel < 3; channel++) {
        double sum = 0;
        double squares = 0;
        long count = 0;
        for (float[] view : views) {
          for (int i = channel; i < view.length; i += 3, count++) {
            sum += view[i];
            squares += (double) view[i] * view[i];
          }
        }
        mean.add(sum / count);
        std.add(Math.sqrt(Math.max(0, squares - sum * sum / count) / (count - 1)));
      }
      return new Channels(mean, std);
    }
  }

  /**
   * Returns the first {@code most} pictures of the first batch of {@code phase}.
   *
   * @param phase from 1
   * @throws Failure.Invalid if the recipe has no such phase, or as {@link TrainingPlan#of}
   */
  public static BatchPreview of(Recipe recipe, TrainingData data, int phase, int most) {
    int phases = recipe.phases().size();
    if (phase < 1 || phase > phases) {
      String message = "phase " + phase + " is not within 1 and " + phases;
      throw new Failure.Invalid(
          message, null, List.of(new FieldError("phase", message, phase, phases)));
    }
    TrainingPlan plan = TrainingPlan.of(recipe, data);
    Stretch shown = recipe.phases().get(phase - 1).stretchAt(0);
    Maker maker = new Maker(recipe, data, phase, shown.size());
    BlendDraw blend =
        recipe.mixup() == null
            ? null
            : BlendDraw.of(
                shown.batchSize(),
                recipe.mixup().alpha(),
                RandomStream.BLENDING.of(recipe.seed()).child(plan.stepsBefore(phase)).generator());
    List<Seen> pictures = new ArrayList<>();
    for (int i = 0; i < Math.min(most, shown.batchSize()); i++) {
      pictures.add(blend == null ? maker.plain(i) : maker.blended(i, blend));
    }
    return new BatchPreview(shown.batchSize(), shown.size(), data.normalization(), pictures);
  }

  /** Returns the numbers that the network sees. */
  public Channels normalised() {
    return Channels.of(pictures.stream().map(Seen::view).toList());
  }

  /** Returns the same before normalisation, in units of 0 to 1. */
  public Channels raw() {
    return Channels.of(pictures.stream().map(seen -> normalization.undo(seen.view())).toList());
  }

  /** A maker of the views of one batch, each once. */
  private static final class Maker {

    private final TrainingData data;
    private final Pictures pictures;
    private final EpochDraws draws;
    private final Views views;
    private final Map<Integer, float[]> made = new HashMap<>();

    Maker(Recipe recipe, TrainingData data, int phase, int size) {
      this.data = data;
      pictures = data.train(phase);
      draws = EpochDraws.of(recipe, pictures.size(), phase, 0);
      views = RecipeBatches.views(recipe, data, size);
    }

    Seen plain(int i) {
      return new Seen(label(i), null, null, view(i));
    }

    Seen blended(int i, BlendDraw blend) {
      int partner = (int) blend.partners()[i];
      float[] view = blend.blend(i, view(i), view(partner));
      return new Seen(label(i), label(partner), blend.lambdas()[i], view);
    }

    private String label(int i) {
      return data.labels().get(pictures.label(draws.order()[i]));
    }

    private float[] view(int i) {
      return made.computeIfAbsent(i, this::make);
    }

    private float[] make(int i) {
      int picture = draws.order()[i];
      float[] view = new float[views.length()];
      views.view(
          views.item(pictures.picture(picture)),
          draws.drawing().view(picture),
          draws.drawing().crop(0, picture),
          FloatBuffer.wrap(view),
          0);
      return view;
    }
  }
}
