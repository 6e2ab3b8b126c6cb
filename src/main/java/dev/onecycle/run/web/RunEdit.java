package dev.onecycle.run.web;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Set;

/**
 * What a caller wants to change of a run; what is absent stays.
 *
 * @param name what people call it
 * @param tags in place of all that it has, up to 20, each a line of up to 80 characters
 * @param priority -100 to 100, only while it is queued
 */
record RunEdit(
    String name,
    @Size(max = 20)
        Set<@Pattern(regexp = RunRequest.TAG, message = RunRequest.TAG_RULE) @NotNull String> tags,
    Integer priority) {}
