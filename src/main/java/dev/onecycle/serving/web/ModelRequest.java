package dev.onecycle.serving.web;

import jakarta.validation.constraints.NotNull;
import java.util.UUID;

/** The checkpoint that a name shall serve. */
record ModelRequest(@NotNull UUID checkpoint) {}
