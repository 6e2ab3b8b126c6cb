package dev.onecycle.platform.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The statuses of a route that its parameters do not tell: how it succeeds where that is not 200,
 * and how it fails beyond what every route with such parameters may ({@link RouteStatuses}).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Answers {

  int[] value();
}
