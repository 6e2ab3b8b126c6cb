package dev.onecycle.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plan that a kind of work makes of a run before it is queued.
 *
 * @param warnings what is allowed but doubtful, as sentences
 * @param workload what its time depends on; null where nobody can say before it was done
 */
public record Planned(List<String> warnings, @Nullable Workload workload) {

  public Planned {
    warnings = List.copyOf(warnings);
  }
}
