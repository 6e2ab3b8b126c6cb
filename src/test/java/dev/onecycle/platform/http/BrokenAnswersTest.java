package dev.onecycle.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Failure;
import dev.onecycle.testing.Http;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** On a real connection: only that has an end that can be missing. */
class BrokenAnswersTest {

  @EnableWebMvc
  @Import({BrokenAnswers.class, Problems.class, Routes.class})
  static class Server {
    @Bean
    TomcatServletWebServerFactory tomcat() {
      return new TomcatServletWebServerFactory(0);
    }

    @Bean
    DispatcherServlet dispatcherServlet() {
      return new DispatcherServlet();
    }
  }

  @RestController
  static class Routes {
    @GetMapping("/early")
    void early() {
      throw new Failure.NotFound("it is gone");
    }

    @GetMapping("/late")
    void late(HttpServletResponse response) throws IOException {
      response.getOutputStream().write(new byte[1000]);
      response.flushBuffer();
      throw new Failure.NotFound("it is gone");
    }
  }

  @Test
  void nobodyTakesAPartForTheWhole() {
    try (var server = new AnnotationConfigServletWebServerApplicationContext(Server.class)) {
      Http http = new Http(server.getWebServer().getPort());
      assertThat(http.get("/early").status()).isEqualTo(404);
      assertThatThrownBy(() -> http.get("/late")).isInstanceOf(UncheckedIOException.class);
    }
  }
}
