package dev.onecycle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.platform.Seed;
import dev.onecycle.testing.HostileRequests;
import dev.onecycle.testing.OpenServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * Requests that are nearly right, byte by byte: lines, headers, queries and bodies of which parts
 * are broken, repeated, swapped or cut. Every answer is one that HTTP and the description know,
 * none is a failure of the service or a page of its server, and afterwards it answers as before.
 */
@ExtendWith(OutputCaptureExtension.class)
class RawFuzzIT extends OpenServer {

  private static final Set<Integer> KNOWN =
      Set.of(
          200, 201, 202, 204, 206, 302, 304, 400, 401, 403, 404, 405, 406, 408, 409, 411, 412, 413,
          414, 415, 416, 417, 422, 429, 431);

  @Test
  void nearlyRightRequestsAreAnswered(CapturedOutput output) throws Exception {
    fuzz(1_500, 1);
    assertThat(output.getOut()).doesNotContain(" ERROR ");
  }

  @Test
  @Tag("proof")
  void manyNearlyRightRequestsAreAnswered() throws Exception {
    fuzz(50_000, new SecureRandom().nextLong());
  }

  private void fuzz(int cases, long seed) throws Exception {
    String before = http().get("/api/v1/recipes").text();
    RandomGenerator random = new Seed(seed).generator();
    int answered = 0;
    for (int i = 0; i < cases; i++) {
      byte[] request = HostileRequests.draw(random);
      String answer = send(request);
      String what =
          "seed %d, case %d: %s%n%s".formatted(seed, i, new String(request, ISO_8859_1), answer);
      if (answer.startsWith("HTTP/")) {
        answered++;
        int status = Integer.parseInt(answer.substring(9, 12));
        assertThat(KNOWN).as(what).contains(status == 100 ? last(answer) : status);
        assertThat(answer).as(what).doesNotContain("<html", "\tat ");
        if (status != 200) { // a list may name the exception of a run that failed
          assertThat(answer).as(what).doesNotContain("Exception");
        }
      }
    }
    assertThat(answered).as("seed %d", seed).isGreaterThan(cases * 8 / 10);
    assertThat(http().get("/api/v1/recipes").text()).isEqualTo(before);
  }

  private static int last(String answer) {
    int again = answer.indexOf("HTTP/", 5);
    return again < 0 ? 400 : Integer.parseInt(answer.substring(again + 9, again + 12));
  }

  /** What comes back until the server closes; a request that was cut may get no answer. */
  private String send(byte[] request) throws IOException {
    int port = http().uri("/").getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request);
      socket.shutdownOutput();
      try (InputStream answer = socket.getInputStream()) {
        return new String(answer.readNBytes(100_000), ISO_8859_1);
      }
    } catch (java.net.SocketException e) {
      return ""; // reset: the server had read enough
    }
  }
}
