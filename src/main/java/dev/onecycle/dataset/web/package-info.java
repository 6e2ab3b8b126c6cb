/** Datasets over HTTP. */
@NamedInterface("web")
package dev.onecycle.dataset.web;

import org.springframework.modulith.NamedInterface;
