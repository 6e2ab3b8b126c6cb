package dev.onecycle.torch;

/**
 * The engine's way of sharing the processor with everything else that runs on it. Where the C
 * library is not glibc nothing is done.
 */
final class ProcessorShare {

  /**
   * How often a thread that has done its part of an operator looks whether the others have, before
   * it sleeps. OpenMP's own number is a hundred times as large, some milliseconds: right for a
   * machine with nothing else to do, and where another thread needs the core, the one that holds
   * everything up does not get it.
   */
  private static final String SPINS = "3000";

  private static final int PRIO_PROCESS = 0;
  private static final int THIS_THREAD = 0;

  private ProcessorShare() {}

  /**
   * Sets how threads wait for each other, before the engine's libraries are loaded, which read it
   * then.
   */
  static void waitBriefly() {
    Libc libc = Libc.find();
    if (libc != null && System.getenv("OMP_WAIT_POLICY") == null) {
      libc.setenv("GOMP_SPINCOUNT", SPINS, 0);
    }
  }

  /**
   * Gives the calling thread, and those that it starts, of a busy processor what others leave.
   *
   * @param niceness 0 for an equal share to 19 for next to none
   */
  static void giveWay(int niceness) {
    Libc libc = Libc.find();
    if (libc != null) {
      libc.setpriority(PRIO_PROCESS, THIS_THREAD, niceness);
    }
  }
}
