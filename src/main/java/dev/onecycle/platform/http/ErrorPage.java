package dev.onecycle.platform.http;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Problem documents for what fails before or after a route: filters and the server itself. */
@RestController
@Hidden
class ErrorPage implements ErrorController {

  @RequestMapping("/error")
  ResponseEntity<Problem> error(HttpServletRequest request) {
    Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    HttpStatus status = code instanceof Integer known ? HttpStatus.resolve(known) : null;
    if (status == null) {
      status = HttpStatus.NOT_FOUND;
    }
    Object thrown = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
    if (thrown instanceof InvalidParameterException unreadable) {
      Problem problem = Problems.parameters(unreadable.getErrorCode(), request);
      return problem.at(request).answer(new HttpHeaders());
    }
    if (thrown instanceof IOException failure) {
      return Problems.brokenBody(failure).at(request).answer(new HttpHeaders());
    }
    return problem(status).at(request).answer(new HttpHeaders());
  }

  private static Problem problem(HttpStatus status) {
    return status == HttpStatus.REQUEST_TIMEOUT
        ? SlowBodies.problem()
        : Problem.of(status, "the request was refused before it reached a route", null);
  }
}
