package dev.onecycle.platform.http;

/**
 * Why something that is shown cannot be used.
 *
 * @param fix what to do about it, or null
 */
public record Unusable(String message, String fix) {}
