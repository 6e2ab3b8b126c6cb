/** Every hyper-parameter of a run as immutable records that refuse nonsense, and the presets. */
@NullMarked
package dev.onecycle.recipe;

import org.jspecify.annotations.NullMarked;
