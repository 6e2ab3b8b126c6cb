/** How the files of a dataset are understood: their parts and their labels; knows no Spring. */
@NullMarked
package dev.onecycle.layout;

import org.jspecify.annotations.NullMarked;
