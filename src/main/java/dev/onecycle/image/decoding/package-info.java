/** Picture files to pixels: formats, headers, limits and decoders. Nothing here trusts a byte. */
@org.springframework.modulith.NamedInterface
package dev.onecycle.image.decoding;
