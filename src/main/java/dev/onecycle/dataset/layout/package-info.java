/** How the files of a dataset are understood: their parts and their labels; knows no Spring. */
@NamedInterface
@NullMarked
package dev.onecycle.dataset.layout;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
