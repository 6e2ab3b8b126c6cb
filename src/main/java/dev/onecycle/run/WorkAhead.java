package dev.onecycle.run;

import org.jspecify.annotations.Nullable;

/**
 * Queued runs of one workload.
 *
 * @param workload as their rows keep it; null where nobody can say how long they take
 */
public record WorkAhead(@Nullable String workload, long runs) {}
