package dev.onecycle.recipe;

/** A recipe with a name. */
public record Preset(String name, String description, Recipe recipe) {}
