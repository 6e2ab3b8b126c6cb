/** Models and predictions over HTTP. */
@NamedInterface("web")
@NullMarked
package dev.onecycle.serving.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
