/**
 * Bytes to pixels, and pixels to pixels: decoding, resizing, geometry, lighting, normalisation. No
 * network, no tensor, no Spring.
 */
package dev.onecycle.image;
