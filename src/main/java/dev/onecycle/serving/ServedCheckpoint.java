package dev.onecycle.serving;

import jakarta.persistence.Embeddable;
import java.time.Instant;
import java.util.UUID;

/**
 * A checkpoint that a model pointed at, which may be deleted by now.
 *
 * @param since when it began to
 */
@Embeddable
public record ServedCheckpoint(UUID checkpointId, Instant since) {}
