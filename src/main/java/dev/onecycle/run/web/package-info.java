/** Runs over HTTP. */
@NamedInterface("web")
package dev.onecycle.run.web;

import org.springframework.modulith.NamedInterface;
