/** Models and predictions over HTTP. */
@NamedInterface("web")
package dev.onecycle.serving.web;

import org.springframework.modulith.NamedInterface;
