package dev.onecycle.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.coyote.BadRequestException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * What fails once an answer has begun can no longer be told in it. The connection is cut, so that
 * nobody takes the part for the whole.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class BrokenAnswers implements HandlerExceptionResolver {

  private static final Logger log = LoggerFactory.getLogger(BrokenAnswers.class);

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception failure) {
    if (!response.isCommitted()) {
      return null;
    }
    if (isMalformedBody(failure) || response.getStatus() == HttpStatus.BAD_REQUEST.value()) {
      // The server has begun to refuse its body, whatever failed for want of that: its page says
      // so.
      return new ModelAndView();
    }
    if (DisconnectedClientHelper.isClientDisconnectedException(failure)) {
      log.debug("{} ended early: {}", request.getRequestURI(), failure.toString());
      return new ModelAndView();
    }
    // The server logs it, and closes the connection without the answer's proper end.
    throw new IllegalStateException("an answer broke off: " + request.getRequestURI(), failure);
  }

  private static boolean isMalformedBody(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BadRequestException) {
        return true;
      }
    }
    return false;
  }
}
