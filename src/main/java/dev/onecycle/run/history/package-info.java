/** The steps and epochs of runs, as they were told. */
@org.springframework.modulith.NamedInterface
package dev.onecycle.run.history;
