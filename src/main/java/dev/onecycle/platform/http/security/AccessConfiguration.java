package dev.onecycle.platform.http.security;

import static java.util.Objects.requireNonNull;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Refusals;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/** What every request passes before it reaches a route. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

  /** Nobody logs in, so there is no session, no cookie, and nothing that another site could use. */
  @Bean
  SecurityFilterChain checks(
      HttpSecurity http, SecurityProperties security, Refusals refusals, Clock clock) {
    http.csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .headers(headers -> headers.addHeaderWriter(Pages::restrict))
        .exceptionHandling(
            refusal ->
                refusal
                    .authenticationEntryPoint(
                        (request, response, why) -> {
                          Credentials.challenge(request, response);
                          refusals.answer(request, response, noKey());
                        })
                    .accessDeniedHandler(
                        (request, response, why) ->
                            refusals.answer(request, response, otherRole(request))))
        .authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                    .permitAll()
                    .anyRequest()
                    .access((caller, asked) -> mayDo(caller.get(), asked.getRequest())));
    if (security.keyless()) {
      http.addFilterBefore(new HostGuard(refusals), AnonymousAuthenticationFilter.class)
          .anonymous(everybody -> everybody.authorities(KeyRole.ADMIN.authorities()));
    } else {
      KeyCheck check = new KeyCheck(security, new Guesses(clock), refusals);
      http.addFilterBefore(check, AnonymousAuthenticationFilter.class);
    }
    return http.build();
  }

  /** Strict about paths, methods and headers, so that one route has one name. */
  @Bean
  RequestRejectedHandler rejectedRequests(Refusals refusals) {
    return refusals::answer;
  }

  /** A method that is unknown is not suspicious: the route says which ones it has. */
  @Bean
  HttpFirewall firewall() {
    StrictHttpFirewall firewall = new StrictHttpFirewall();
    firewall.setUnsafeAllowAnyHttpMethod(true);
    return firewall;
  }

  /** The server's own metrics tell how requests end; these would time every filter of each. */
  @Bean
  SecurityObservationSettings noObservations() {
    return SecurityObservationSettings.noObservations();
  }

  private static AuthorizationDecision mayDo(Authentication caller, HttpServletRequest request) {
    KeyRole least = Permissions.least(request);
    return new AuthorizationDecision(
        least == null || caller.getAuthorities().containsAll(least.authorities()));
  }

  private static Failure noKey() {
    return new Failure.Unauthenticated(
        "this takes an API key", "Send it with -H 'Authorization: Bearer KEY'.");
  }

  private static Failure otherRole(HttpServletRequest request) {
    KeyRole least = requireNonNull(Permissions.least(request), "everybody may do this");
    return new Failure.Forbidden(
        "this takes the role " + least.word() + ", which your API key has not",
        "Ask for a key with that role.");
  }
}
