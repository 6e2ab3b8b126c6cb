/** Searches for hyper-parameters: runs of one recipe, of which only the better ones go on. */
@NullMarked
package dev.onecycle.search;

import org.jspecify.annotations.NullMarked;
