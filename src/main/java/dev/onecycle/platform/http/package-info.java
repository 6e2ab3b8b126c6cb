/**
 * The one place where failures become problem documents, and what every route shares: paging,
 * idempotency, request ids, the pace of bodies.
 */
@NullMarked
@org.springframework.modulith.NamedInterface
package dev.onecycle.platform.http;

import org.jspecify.annotations.NullMarked;
