package dev.onecycle.run.web;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.KeyCursor;
import dev.onecycle.run.Run;
import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.Expression;
import jakarta.persistence.criteria.Order;
import jakarta.persistence.criteria.Predicate;
import jakarta.persistence.criteria.Root;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * The order in which runs are listed: by a number, equal ones by age, both in one direction.
 *
 * @param descending largest and newest first
 */
record RunOrder(Key key, boolean descending) {

  /** The value that runs are ordered by. */
  enum Key {
    /** Ids grow with time, so their order alone is that of submission. */
    CREATED_AT("createdAt"),
    /** Of the best epoch; a run without one comes after all others, or before them ascending. */
    ACCURACY("accuracy"),
    PRIORITY("priority");

    private final String word;

    Key(String word) {
      this.word = word;
    }

    private double of(Run run) {
      return switch (this) {
        case CREATED_AT -> 0;
        case ACCURACY -> Objects.requireNonNullElse(run.bestAccuracy(), NO_ACCURACY);
        case PRIORITY -> run.spec().priority();
      };
    }

    private Expression<Double> of(Root<Run> run, CriteriaBuilder criteria) {
      return switch (this) {
        case CREATED_AT -> criteria.literal(0.0);
        case ACCURACY -> criteria.coalesce(run.<Double>get("bestAccuracy"), NO_ACCURACY);
        case PRIORITY -> criteria.toDouble(run.<Integer>get("spec").get("priority"));
      };
    }
  }

  private static final double NO_ACCURACY = -1;

  /**
   * Returns the order that a caller names: a key, with {@code -} before it for the largest first.
   *
   * @throws Failure.Invalid naming the choices
   */
  static RunOrder named(String name) {
    boolean descending = name.startsWith("-");
    String word = descending ? name.substring(1) : name;
    return Arrays.stream(Key.values())
        .filter(key -> key.word.equals(word))
        .findFirst()
        .map(key -> new RunOrder(key, descending))
        .orElseThrow(() -> unknown(name));
  }

  private static RuntimeException unknown(String name) {
    List<String> choices =
        Arrays.stream(Key.values()).flatMap(k -> List.of(k.word, "-" + k.word).stream()).toList();
    return Failure.Invalid.field("sort", "is not one of " + choices, name, choices);
  }

  /** Returns the name that {@link #named} knows it by. */
  String name() {
    return (descending ? "-" : "") + key.word;
  }

  /** Returns where a run stands in this order. */
  KeyCursor.Entry entry(Run run) {
    return new KeyCursor.Entry(key.of(run), run.id());
  }

  List<Order> orders(Root<Run> run, CriteriaBuilder criteria) {
    List<? extends Expression<?>> by =
        key == Key.CREATED_AT
            ? List.of(run.get("id"))
            : List.of(key.of(run, criteria), run.get("id"));
    return by.stream().map(e -> by(e, criteria)).toList();
  }

  /** Returns an expression in the direction of this order. */
  Order by(Expression<?> expression, CriteriaBuilder criteria) {
    return descending ? criteria.desc(expression) : criteria.asc(expression);
  }

  /** Runs that stand behind {@code entry}. */
  Predicate behind(KeyCursor.Entry entry, Root<Run> run, CriteriaBuilder criteria) {
    Expression<UUID> id = run.get("id");
    Predicate behindId =
        descending ? criteria.lessThan(id, entry.id()) : criteria.greaterThan(id, entry.id());
    if (key == Key.CREATED_AT) {
      return behindId;
    }
    Expression<Double> number = key.of(run, criteria);
    Predicate behindNumber =
        descending
            ? criteria.lessThan(number, entry.key())
            : criteria.greaterThan(number, entry.key());
    return criteria.or(behindNumber, criteria.and(criteria.equal(number, entry.key()), behindId));
  }
}
