package dev.onecycle.work;

import java.util.UUID;

/**
 * What goes with a dataset.
 *
 * @param pictures how many it has
 * @param files in the store
 * @param bytes of those files
 */
public record DatasetDeletion(UUID dataset, int pictures, int files, long bytes) {}
