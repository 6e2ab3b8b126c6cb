package dev.onecycle.run;

import java.util.List;

/**
 * What a kind of work says of a run before it is queued.
 *
 * @param warnings what is allowed but doubtful, as sentences
 * @param workload what its time depends on; null where nobody can say before it was done
 */
public record Planned(List<String> warnings, Workload workload) {

  public Planned {
    warnings = List.copyOf(warnings);
  }
}
