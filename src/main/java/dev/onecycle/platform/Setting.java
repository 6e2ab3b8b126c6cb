package dev.onecycle.platform;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a record's component means and which values it takes. Read by the record's own constructor
 * ({@link Settings#check}) and by whatever describes it to people, so that both say the same.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

  /** What it is, with its unit. */
  String value();

  /** The smallest number allowed; of a list, the smallest entry. */
  double min() default Double.NEGATIVE_INFINITY;

  /** The largest number allowed; of a list, the largest entry. */
  double max() default Double.POSITIVE_INFINITY;

  /** The words allowed; empty for any. */
  String[] oneOf() default {};

  /** The fewest entries of a list. */
  int minItems() default 0;

  /** The most entries of a list. */
  int maxItems() default Integer.MAX_VALUE;

  /** Whether null is a value, meaning "without". */
  boolean orNull() default false;
}
