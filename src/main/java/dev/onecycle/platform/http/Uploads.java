package dev.onecycle.platform.http;

import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.ProcessFolder;
import jakarta.servlet.MultipartConfigElement;
import java.io.IOException;
import org.springframework.boot.servlet.autoconfigure.MultipartProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where the parts of an upload wait until they are read. */
@Configuration(proxyBeanMethods = false)
class Uploads {

  /** Below the home directory, where there is room, and not in the system's /tmp. */
  @Bean
  ProcessFolder uploadFolder(OnecycleProperties onecycle) throws IOException {
    return new ProcessFolder(onecycle.home().resolve("tmp/uploads"));
  }

  @Bean
  MultipartConfigElement multipartConfigElement(
      MultipartProperties multipart, ProcessFolder folder) {
    multipart.setLocation(folder.path().toString());
    return multipart.createMultipartConfig();
  }
}
