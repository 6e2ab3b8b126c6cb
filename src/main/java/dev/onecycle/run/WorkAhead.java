package dev.onecycle.run;

/**
 * Queued runs of one workload.
 *
 * @param workload as their rows keep it; null where nobody can say how long they take
 */
public record WorkAhead(String workload, long runs) {}
