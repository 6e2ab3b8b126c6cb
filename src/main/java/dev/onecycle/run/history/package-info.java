/** The steps and epochs of runs, as they were told. */
@org.springframework.modulith.NamedInterface
@NullMarked
package dev.onecycle.run.history;

import org.jspecify.annotations.NullMarked;
