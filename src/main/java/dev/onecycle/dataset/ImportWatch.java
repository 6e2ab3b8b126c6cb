package dev.onecycle.dataset;

/**
 * Whoever has an import done. Both methods are called several times a second on the thread that
 * asked for the import, never on the one that reads; what they throw ends the import and reaches
 * that caller.
 */
public interface ImportWatch {

  /** Whether the import shall end; it then does within seconds, whatever it is doing. */
  boolean stopRequested();

  /** How far it is, at the end too. */
  void progress(Progress now);
}
