package dev.onecycle.platform;

/** The version of this code, as manifests carry it; {@code development} outside of a build. */
public record CodeVersion(String version) {}
