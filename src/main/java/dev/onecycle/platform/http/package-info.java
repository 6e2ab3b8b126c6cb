/**
 * The one place where failures become problem documents, and what every route shares: paging,
 * idempotency, the host guard.
 */
@org.springframework.modulith.NamedInterface
package dev.onecycle.platform.http;
