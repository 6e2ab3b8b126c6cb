package dev.onecycle.platform;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The meaning of a record's component and the values that it takes. Read by the record's own
 * constructor ({@link Settings#check}) and by whatever describes it to people, so that both say the
 * same.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

  /** Returns what it is, with its unit. */
  String value();

  /** Returns the smallest number allowed; of a list, the smallest entry. */
  double min() default Double.NEGATIVE_INFINITY;

  /** Returns the largest number allowed; of a list, the largest entry. */
  double max() default Double.POSITIVE_INFINITY;

  /** Returns the words allowed; empty for any. */
  String[] oneOf() default {};

  /** Returns the fewest entries of a list. */
  int minItems() default 0;

  /** Returns the most entries of a list. */
  int maxItems() default Integer.MAX_VALUE;

  /** Returns whether null is a value, meaning "without". */
  boolean orNull() default false;
}
