/** Recipes over HTTP. */
@org.springframework.modulith.NamedInterface
package dev.onecycle.recipe.web;
