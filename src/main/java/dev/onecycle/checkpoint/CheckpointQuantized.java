package dev.onecycle.checkpoint;

import java.util.UUID;

/** A checkpoint's {@link Quantization} is known, published in the transaction that records it. */
public record CheckpointQuantized(UUID id) {}
