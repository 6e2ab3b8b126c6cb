/** What runs leave beside checkpoints: results, and output in parts. */
@org.springframework.modulith.NamedInterface
package dev.onecycle.run.output;
