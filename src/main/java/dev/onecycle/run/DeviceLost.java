package dev.onecycle.run;

/** The failure of a device that only a new process can use again: its run is not to blame. */
public final class DeviceLost extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final boolean needsNewProcess;

  /**
   * @param device which one, such as {@code cuda:0}
   * @param needsNewProcess whether nothing in this process can use it any more
   */
  public DeviceLost(String device, boolean needsNewProcess, Throwable cause) {
    super("its device " + device + " was lost: " + cause.getMessage(), cause);
    this.needsNewProcess = needsNewProcess;
  }

  boolean needsNewProcess() {
    return needsNewProcess;
  }
}
