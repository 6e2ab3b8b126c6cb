/** Guesses at how long runs take, by how long earlier ones took. */
@org.springframework.modulith.NamedInterface
@NullMarked
package dev.onecycle.run.forecast;

import org.jspecify.annotations.NullMarked;
