package dev.onecycle.platform.http;

import dev.onecycle.platform.OnecycleProperties;
import jakarta.servlet.MultipartConfigElement;
import java.io.IOException;
import java.nio.file.Files;
import org.springframework.boot.servlet.autoconfigure.MultipartProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where the parts of an upload wait until they are read. */
@Configuration(proxyBeanMethods = false)
class Uploads {

  /** Below the home directory, where there is room, and not in the system's /tmp. */
  @Bean
  MultipartConfigElement multipartConfigElement(
      MultipartProperties multipart, OnecycleProperties onecycle) throws IOException {
    multipart.setLocation(
        Files.createDirectories(onecycle.home().resolve("tmp/uploads")).toString());
    return multipart.createMultipartConfig();
  }
}
