package dev.onecycle.run;

import java.util.List;

/**
 * A kind of work that runs can be of, such as training. Every bean of this type is one; a lower
 * room cannot know runs, so its work is adapted here or above.
 */
public interface RunWork {

  /** How the work ended when it did not fail. */
  enum Ending {
    /** Everything is done. */
    COMPLETED,
    /** It stopped between two steps because {@link RunContext#stopRequested} said so. */
    STOPPED
  }

  /** The kind's name, unique among all works. */
  String kind();

  /**
   * What is doubtful about a run before it is queued, as sentences; throws a {@link
   * dev.onecycle.platform.Failure} if it cannot be done at all.
   */
  default List<String> check(RunSpec spec) {
    return List.of();
  }

  /** What the time of such a run depends on; null where nobody can say before it was done. */
  default Workload workload(RunSpec spec) {
    return null;
  }

  /**
   * Does the work of one attempt, in the thread of a worker's slot. It begins from the context's
   * resume point, or from nothing where it never kept one, and a stop that is requested is obeyed
   * within one step.
   *
   * @throws WorkFailed where the work itself knows what kind of failure it met; any other exception
   *     or error is told apart by {@link WorkFailed#of}
   */
  Ending execute(RunContext context) throws Exception;
}
