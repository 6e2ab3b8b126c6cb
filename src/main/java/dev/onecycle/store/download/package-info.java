/** Files from public servers: no other scheme than https, no address that is not public. */
@org.springframework.modulith.NamedInterface
@NullMarked
package dev.onecycle.store.download;

import org.jspecify.annotations.NullMarked;
