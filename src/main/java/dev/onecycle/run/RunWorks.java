package dev.onecycle.run;

import dev.onecycle.platform.StoredJson;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/**
 * The kinds of work that this process can do. What a run is asked for is JSON in its row alone:
 * here it is written, and read as what its kind is asked for.
 */
@Component
public class RunWorks {

  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private final Map<String, RunWork<?>> byKind;
  private final StoredJson json;

  RunWorks(List<RunWork<?>> works, StoredJson json) {
    byKind = works.stream().collect(Collectors.toMap(RunWork::kind, Function.identity()));
    this.json = json;
  }

  /** Plans as {@link RunWork#plan} does. */
  Planned plan(RunSpec spec, Object asked) {
    return plan(of(spec.kind()), spec, asked);
  }

  private static <A> Planned plan(RunWork<A> work, RunSpec spec, Object asked) {
    return work.plan(spec, work.asked().cast(asked));
  }

  /** Returns the pool as {@link RunWork#pool} does. */
  Pool pool(String kind) {
    return of(kind).pool();
  }

  /** Returns how a run's row keeps what it is asked for, or its workload. */
  String json(Object value) {
    return json.write(value);
  }

  /** Reads what a run was asked for, of the type that its kind says. */
  public Object asked(Run run) {
    return asked(run, of(run.spec().kind()).asked());
  }

  /** Reads what a run was asked for, which is of that type. */
  public <A> A asked(Run run, Class<A> type) {
    return json.read(run.asked(), type);
  }

  /** Returns what a run was asked for as a tree of maps, whatever its kind. */
  public Map<String, Object> fields(Run run) {
    return json.read(run.asked(), FIELDS);
  }

  /**
   * Returns whether a run of that kind is asked for a {@code type}; false of a kind unknown here.
   */
  public boolean asks(String kind, Class<?> type) {
    RunWork<?> work = byKind.get(kind);
    return work != null && work.asked() == type;
  }

  /** Executes as {@link RunWork#execute} does, with what the run was asked for. */
  RunWork.Ending execute(Run run, RunContext context) throws Exception {
    return execute(of(run.spec().kind()), run, context);
  }

  private <A> RunWork.Ending execute(RunWork<A> work, Run run, RunContext context)
      throws Exception {
    return work.execute(context, asked(run, work.asked()));
  }

  private RunWork<?> of(String kind) {
    RunWork<?> work = byKind.get(kind);
    if (work == null) {
      throw new IllegalStateException(
          "no work of kind '" + kind + "' here, only " + byKind.keySet());
    }
    return work;
  }
}
