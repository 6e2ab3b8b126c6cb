package dev.onecycle.platform.http;

import dev.onecycle.platform.Failure;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses bodies of kinds that no route takes, before anybody tries to read them: encoded ones,
 * forms, and those that do not say what they are.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE - 1)
class BodyKinds extends OncePerRequestFilter {

  private static final Set<String> WITH_BODIES = Set.of("POST", "PUT", "PATCH");

  private final Refusals refusals;

  BodyKinds(Refusals refusals) {
    this.refusals = refusals;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      if (WITH_BODIES.contains(request.getMethod())) {
        requirePlain(request.getHeader(HttpHeaders.CONTENT_ENCODING));
        requireKnown(request.getContentType());
      } else {
        requireConcrete(request.getContentType());
      }
    } catch (Failure.Unsupported e) {
      response.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
      refusals.answer(request, response, e);
      return;
    } catch (MalformedRequest e) {
      refusals.answer(request, response, e);
      return;
    }
    chain.doFilter(request, response);
  }

  private static void requirePlain(String encoding) {
    if (encoding != null && !encoding.strip().toLowerCase(Locale.ROOT).equals("identity")) {
      throw new Failure.Unsupported(
          "a body with a Content-Encoding", "Send it as it is: archives are compressed already.");
    }
  }

  /** The actuator's parsing breaks at a type with a wildcard, whether or not there is a body. */
  private static void requireConcrete(@Nullable String contentType) {
    try {
      if (contentType != null && !MediaType.parseMediaType(contentType).isConcrete()) {
        throw new MalformedRequest(
            "the Content-Type has a wildcard", "Leave it out: there is no body.");
      }
    } catch (InvalidMediaTypeException e) {
      throw new MalformedRequest("the Content-Type is not one", "Leave it out: there is no body.");
    }
  }

  private static void requireKnown(String contentType) {
    if (contentType == null) {
      return;
    }
    MediaType type;
    try {
      type = MediaType.parseMediaType(contentType);
    } catch (InvalidMediaTypeException e) {
      throw new Failure.Unsupported("the Content-Type is not one", "Send application/json.");
    }
    if (!type.isConcrete()) {
      throw new Failure.Unsupported(
          "the Content-Type has a wildcard", "Say what the body is: application/json.");
    }
    if (type.equalsTypeAndSubtype(MediaType.APPLICATION_FORM_URLENCODED)) {
      throw new Failure.Unsupported(
          "a form is nothing that a route takes",
          "Send JSON with -H 'Content-Type: application/json', a picture with its own type, or"
              + " multipart/form-data.");
    }
    if (type.equalsTypeAndSubtype(MediaType.MULTIPART_FORM_DATA)
        && type.getParameter("boundary") == null) {
      throw new MalformedRequest(
          "multipart/form-data without a boundary",
          "Let the client write the Content-Type, as curl -F does.");
    }
  }
}
