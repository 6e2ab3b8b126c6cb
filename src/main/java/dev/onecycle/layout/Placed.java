package dev.onecycle.layout;

import org.jspecify.annotations.Nullable;

/**
 * What a picture was understood as.
 *
 * @param label its class, or null
 * @param part the part that it lies in, or null
 * @param problem why it has no label, the same text for all of which that is so; null if it has one
 */
public record Placed(@Nullable String label, @Nullable Part part, @Nullable String problem) {

  static Placed without(String problem, @Nullable Part part) {
    return new Placed(null, part, problem);
  }

  Placed in(@Nullable Part other) {
    return new Placed(label, other, problem);
  }
}
