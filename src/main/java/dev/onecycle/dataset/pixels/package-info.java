/** Random access to the labelled pictures of a dataset; knows no Spring. */
@NullMarked
@org.springframework.modulith.NamedInterface
package dev.onecycle.dataset.pixels;

import org.jspecify.annotations.NullMarked;
