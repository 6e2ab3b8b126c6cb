/**
 * Bytes to pixels, and pixels to pixels: decoding, resizing, geometry, lighting, normalisation. No
 * network, no tensor, no Spring.
 */
@NullMarked
package dev.onecycle.image;

import org.jspecify.annotations.NullMarked;
