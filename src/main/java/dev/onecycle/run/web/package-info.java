/** Runs over HTTP. */
@NamedInterface("web")
@NullMarked
package dev.onecycle.run.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
