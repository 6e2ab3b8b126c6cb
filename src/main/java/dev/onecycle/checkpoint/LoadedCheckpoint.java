package dev.onecycle.checkpoint;

import dev.onecycle.network.StateDict;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint whose weights are in memory, verified.
 *
 * @param quantization null where it was not found out
 */
public record LoadedCheckpoint(
    UUID id, Manifest manifest, StateDict state, @Nullable Quantization quantization) {}
