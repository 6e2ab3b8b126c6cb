/** Recipes over HTTP. */
@org.springframework.modulith.NamedInterface
@NullMarked
package dev.onecycle.recipe.web;

import org.jspecify.annotations.NullMarked;
