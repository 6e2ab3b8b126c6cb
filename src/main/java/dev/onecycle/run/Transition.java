package dev.onecycle.run;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of a run's state, kept for good.
 *
 * @param state the state that it led to
 * @param reason why, one sentence, or null where the state says it all
 * @param worker who held the run then, or null
 * @param attempt how often the run had been started by then
 */
@Embeddable
public record Transition(
    @Enumerated(EnumType.STRING) RunState state,
    Instant at,
    @Nullable String reason,
    @Nullable String worker,
    int attempt) {}
