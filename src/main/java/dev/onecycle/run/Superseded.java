package dev.onecycle.run;

/**
 * The refusal of a write to a run that is another worker's by now: whoever meets this is a zombie
 * and stops.
 */
public final class Superseded extends RuntimeException {

  private static final long serialVersionUID = 1;

  public Superseded(Lease lease) {
    super("attempt " + lease.attempt() + " of run " + lease.run() + " was superseded");
  }
}
