package dev.onecycle.platform.http;

import org.jspecify.annotations.Nullable;

/**
 * Why something that is shown cannot be used.
 *
 * @param fix what to do about it, or null
 */
public record Unusable(String message, @Nullable String fix) {}
