package dev.onecycle.run;

import dev.onecycle.run.history.EpochRecord;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The best epoch so far and its weights.
 *
 * @param checkpoint null where they are gone
 */
public record Best(EpochRecord epoch, @Nullable UUID checkpoint) {}
