package dev.onecycle.platform.http;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of requests.
 *
 * @param slowestBody bytes a second that a body must come with, on average after its first seconds
 */
@ConfigurationProperties("onecycle.http")
record HttpProperties(@DefaultValue("16KB") DataSize slowestBody) {

  HttpProperties {
    if (slowestBody.toBytes() < 1 || slowestBody.toBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "onecycle.http.slowest-body is " + slowestBody + ", allowed are 1B to 2047MB");
    }
  }
}
