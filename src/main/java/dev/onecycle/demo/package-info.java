/** The first-run story: a sample dataset, a smoke run, a model to ask. */
@NullMarked
package dev.onecycle.demo;

import org.jspecify.annotations.NullMarked;
