package dev.onecycle.run;

import dev.onecycle.recipe.Position;
import dev.onecycle.store.Blob;
import org.jspecify.annotations.Nullable;

/**
 * The state that a run goes on from.
 *
 * @param attempt that kept it
 * @param step steps done in the whole run
 * @param halved whether it trains with half of its recipe's batches, for want of memory
 * @param state the training's state in the store; null for a work that goes on after its output
 */
public record ResumePoint(
    int attempt, Position position, long step, boolean halved, @Nullable Blob state) {}
