package dev.onecycle.store;

/**
 * What a store knows about the bytes it was given.
 *
 * @param key where they lie
 * @param size in bytes
 * @param sha256 64 lower-case hexadecimal digits
 */
public record Blob(String key, long size, String sha256) {}
