package dev.onecycle.serving;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A name's turn to another checkpoint, published inside the transaction that made it.
 *
 * @param before the checkpoint that it served, or null for a new name
 */
public record ModelSwitched(
    UUID id, String name, UUID checkpoint, @Nullable UUID before, Instant at) {}
