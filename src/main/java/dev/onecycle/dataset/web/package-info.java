/** Datasets over HTTP. */
@NamedInterface("web")
@NullMarked
package dev.onecycle.dataset.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
