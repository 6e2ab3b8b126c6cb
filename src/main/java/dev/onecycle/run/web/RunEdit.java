package dev.onecycle.run.web;

import dev.onecycle.run.Run;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants to change of a run; what is absent stays.
 *
 * @param name what people call it
 * @param tags in place of all that it has, up to 20, each a line of up to 80 characters
 * @param priority -100 to 100, only while it is queued
 */
record RunEdit(
    @Nullable String name,
    @Size(max = 20) Set<@Pattern(regexp = Run.TAG, message = Run.TAG_RULE) @NotNull String> tags,
    @Nullable Integer priority) {}
