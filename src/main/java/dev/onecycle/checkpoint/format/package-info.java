/** The safetensors format: a reader that trusts nothing, and a writer. */
@org.springframework.modulith.NamedInterface
package dev.onecycle.checkpoint.format;
