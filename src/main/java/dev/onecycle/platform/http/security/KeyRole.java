package dev.onecycle.platform.http.security;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** What a key's holder may do; each role may do what the ones before it may. */
enum KeyRole {
  /** Reads everything, and predicts. */
  VIEWER,
  /** Also makes, changes and deletes datasets, runs, checkpoints and models. */
  TRAINER,
  /** Also drains workers, deletes orphaned files, and whatever no other role is named for. */
  ADMIN;

  /** This role and the ones that it includes, as Spring Security knows them. */
  List<GrantedAuthority> authorities() {
    return Stream.of(values())
        .filter(role -> role.compareTo(this) <= 0)
        .<GrantedAuthority>map(role -> new SimpleGrantedAuthority(role.name()))
        .toList();
  }

  /** The highest role of a caller that has one. */
  static KeyRole of(Authentication caller) {
    return Stream.of(values())
        .filter(role -> caller.getAuthorities().containsAll(role.authorities()))
        .reduce((lower, higher) -> higher)
        .orElseThrow();
  }

  /** As people write it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
