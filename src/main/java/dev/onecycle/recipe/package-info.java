/** Every hyper-parameter of a run as immutable records that refuse nonsense, and the presets. */
package dev.onecycle.recipe;
