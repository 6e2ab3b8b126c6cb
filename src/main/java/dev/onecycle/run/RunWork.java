package dev.onecycle.run;

import java.util.concurrent.CancellationException;

/**
 * A kind of work that runs can be of, such as training. Every bean of this type is one; a lower
 * room cannot know runs, so its work is adapted here or above.
 *
 * @param <A> what a run of this kind is asked for beside its {@link RunSpec}: a record that reads
 *     back from its JSON, which is how the run's row keeps it
 */
public interface RunWork<A> {

  /** The ways in which work ends that does not fail. */
  enum Ending {
    /** Everything is done. */
    COMPLETED,
    /** It stopped between two steps because {@link RunContext#stopRequested} said so. */
    STOPPED
  }

  /** Returns the kind's name, unique among all works. */
  String kind();

  /** Returns the type of what it is asked for. */
  Class<A> asked();

  /** Whose slots its runs are worked on in. */
  default Pool pool() {
    return Pool.DEVICES;
  }

  /**
   * Says what a run would be before it is queued.
   *
   * @throws dev.onecycle.platform.Failure if it cannot be done at all
   */
  Planned plan(RunSpec spec, A asked);

  /**
   * Does the work of one attempt, in the thread of a worker's slot. It begins from the context's
   * resume point, or from nothing where it never kept one, and a stop that is requested is obeyed
   * within one step.
   *
   * @throws CancellationException where it stopped, as {@link Ending#STOPPED} says
   * @throws WorkFailed where the work itself knows what kind of failure it met; any other exception
   *     or error is told apart by {@link WorkFailed#of}
   */
  Ending execute(RunContext context, A asked) throws Exception;
}
