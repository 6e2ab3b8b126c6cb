package dev.onecycle.recipe;

import dev.onecycle.image.Augmentation;
import dev.onecycle.platform.Failure;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The way from what callers send to recipes, which says everything that is wrong with it. */
public final class RecipeReader {

  private static final Map<Class<?>, Record> DEFAULTS =
      Map.of(
          Recipe.class, Recipe.DEFAULT,
          Augmentation.class, Augmentation.fastai(),
          Mixup.class, Mixup.DEFAULT,
          Stretch.class, Stretch.DEFAULT,
          EarlyStopping.class, EarlyStopping.DEFAULT,
          Tta.class, Tta.DEFAULT);

  private RecipeReader() {}

  /**
   * Returns the recipe of a request. Absent fields get fastai's defaults.
   *
   * @param recipe a preset's name, or a tree of maps, lists, strings, numbers, booleans and nulls
   *     as a JSON parser makes it; not changed
   * @param overrides values by path, such as {@code phases[0].epochs}; null for none
   * @throws Failure.Invalid naming every field that is unknown (and the nearest known one), of the
   *     wrong type or out of range
   */
  public static Recipe read(Object recipe, @Nullable Map<String, ?> overrides) {
    Object tree = RecordTree.tree(recipe instanceof String name ? preset(name) : recipe);
    if (overrides != null && tree instanceof Map<?, ?>) {
      @SuppressWarnings("unchecked") // RecordTree makes no other maps
      Map<String, Object> fields = (Map<String, Object>) tree;
      // Whatever their order: a list before what is set inside of it.
      overrides.entrySet().stream()
          .sorted(Comparator.comparingInt(override -> override.getKey().length()))
          .forEach(
              override ->
                  Overrides.set(fields, override.getKey(), RecordTree.tree(override.getValue())));
    }
    return new RecordReader(RecipeReader::defaults).read(Recipe.class, tree);
  }

  /** Returns the recipe as a tree with every field, which reads back as an equal recipe. */
  @SuppressWarnings("unchecked") // RecordTree makes such maps of records
  public static Map<String, Object> tree(Recipe recipe) {
    return (Map<String, Object>) RecordTree.tree(recipe);
  }

  /** Finds a preset; in a request body an unknown one is a wrong value, not a missing resource. */
  private static Recipe preset(String name) {
    try {
      return Presets.named(name).recipe();
    } catch (Failure.NotFound e) {
      throw new Failure.Invalid(
          String.valueOf(e.getMessage()), "Name a preset of GET /api/v1/recipes.");
    }
  }

  /** Returns the record that gives the absent fields beside {@code given} their values. */
  static Record defaults(Class<?> type, Map<?, ?> given) {
    if (type == Phase.class) {
      Phase phase = Phase.defaults(chosen(given.get("policy"), Phase.Policy.ONE_CYCLE));
      return given.get("plan") instanceof List<?> plan && !plan.isEmpty()
          ? under(plan, phase)
          : phase;
    }
    if (type == Budget.class) {
      return given.get("until") == null ? Budget.TIME : Budget.UNTIL;
    }
    if (type == Optimizer.class) {
      return Optimizer.defaults(chosen(given.get("kind"), Optimizer.Kind.ADAMW));
    }
    return Objects.requireNonNull(DEFAULTS.get(type), type::getName);
  }

  /** Returns the constant that is written so, or another where none is. */
  private static <E extends Enum<E>> E chosen(@Nullable Object word, E otherwise) {
    int place = RecordTree.words(otherwise.getDeclaringClass()).indexOf(word);
    return place < 0 ? otherwise : otherwise.getDeclaringClass().getEnumConstants()[place];
  }

  /**
   * Returns {@code phase} with what a plan says for it where its author does not: all of its
   * epochs, its largest size and batch. The plan itself is read later, and refused if it is wrong.
   */
  private static Phase under(List<?> plan, Phase phase) {
    return phase.with(
        within(numbers(plan, "size", Stretch.DEFAULT.size()).max(), 32, 1024),
        within(numbers(plan, "batchSize", Stretch.DEFAULT.batchSize()).max(), 2, 4096),
        within(numbers(plan, "epochs", Stretch.DEFAULT.epochs()).reduce(Integer::sum), 1, 1000));
  }

  private static IntStream numbers(List<?> plan, String field, int absent) {
    return plan.stream()
        .map(entry -> entry instanceof Map<?, ?> fields ? fields.get(field) : null)
        .mapToInt(value -> value instanceof Integer number ? number : absent);
  }

  private static int within(OptionalInt number, int least, int most) {
    return Math.max(least, Math.min(most, number.orElse(least)));
  }
}
