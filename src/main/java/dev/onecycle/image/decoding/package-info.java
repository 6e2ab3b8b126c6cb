/** Picture files to pixels: formats, headers, limits and decoders. Nothing here trusts a byte. */
@NullMarked
@org.springframework.modulith.NamedInterface
package dev.onecycle.image.decoding;

import org.jspecify.annotations.NullMarked;
