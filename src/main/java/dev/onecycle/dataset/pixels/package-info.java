/** Random access to the labelled pictures of a dataset; knows no Spring. */
@org.springframework.modulith.NamedInterface
package dev.onecycle.dataset.pixels;
