package dev.onecycle.platform.http.security;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who the caller is. */
@RestController
@RequestMapping("/api/v1/me")
class MeController {

  private final SecurityProperties security;

  MeController(SecurityProperties security) {
    this.security = security;
  }

  /**
   * The caller.
   *
   * @param name of the API key; null where nobody has one
   * @param role viewer, trainer or admin: each may do what the ones before it may
   * @param keyless whether this service knows no keys, and everybody on its machine is an admin
   */
  record Me(@Nullable String name, String role, boolean keyless) {}

  /** Whose key the request has, and what it may do. */
  @GetMapping
  Me get() {
    Authentication caller = requireNonNull(SecurityContextHolder.getContext().getAuthentication());
    KeyRole role = KeyRole.of(caller);
    return new Me(security.keyless() ? null : caller.getName(), role.word(), security.keyless());
  }
}
