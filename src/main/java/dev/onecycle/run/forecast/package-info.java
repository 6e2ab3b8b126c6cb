/** Guesses at how long runs take, by how long earlier ones took. */
@org.springframework.modulith.NamedInterface
package dev.onecycle.run.forecast;
