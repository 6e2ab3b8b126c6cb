package dev.onecycle.run;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** The kinds of work that this process can do. */
@Component
class RunWorks {

  private final Map<String, RunWork> byKind;

  RunWorks(List<RunWork> works) {
    byKind = works.stream().collect(Collectors.toMap(RunWork::kind, Function.identity()));
  }

  /** As {@link RunWork#check}; of a kind that only other processes know nothing is doubtful. */
  List<String> check(RunSpec spec) {
    RunWork work = byKind.get(spec.kind());
    return work == null ? List.of() : work.check(spec);
  }

  /** As {@link RunWork#workload}; null too of a kind that only other processes know. */
  Workload workload(RunSpec spec) {
    RunWork work = byKind.get(spec.kind());
    return work == null ? null : work.workload(spec);
  }

  RunWork of(String kind) {
    RunWork work = byKind.get(kind);
    if (work == null) {
      throw new IllegalStateException(
          "no work of kind '" + kind + "' here, only " + byKind.keySet());
    }
    return work;
  }
}
