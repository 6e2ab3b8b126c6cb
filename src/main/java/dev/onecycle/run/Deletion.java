package dev.onecycle.run;

import java.util.Map;
import java.util.UUID;

/**
 * The rows and files that deleting a run takes away.
 *
 * @param rows how many of each kind, the run's own among them
 * @param files in the store
 * @param bytes of these files
 */
public record Deletion(UUID run, Map<String, Long> rows, int files, long bytes) {}
