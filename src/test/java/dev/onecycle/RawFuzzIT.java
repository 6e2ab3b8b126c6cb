package dev.onecycle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.platform.Seed;
import dev.onecycle.testing.Mutation;
import dev.onecycle.testing.OpenServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.List;
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

  private static final String NOBODY = "00000000-0000-7000-8000-000000000000";

  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "get", "X");

  private static final List<String> PATHS =
      List.of(
          "/api/v1/runs",
          "/api/v1/runs/" + NOBODY,
          "/api/v1/runs/" + NOBODY + "/steps",
          "/api/v1/runs/" + NOBODY + "/clone",
          "/api/v1/runs/" + NOBODY + "/events",
          "/api/v1/runs/compare",
          "/api/v1/runs/validate",
          "/api/v1/datasets",
          "/api/v1/datasets/" + NOBODY + "/images/7",
          "/api/v1/datasets/" + NOBODY + "/blend",
          "/api/v1/checkpoints",
          "/api/v1/checkpoints/" + NOBODY + "/weights",
          "/api/v1/checkpoints/" + NOBODY + "/predictions",
          "/api/v1/models/none",
          "/api/v1/models/none/predictions",
          "/api/v1/lr-finds",
          "/api/v1/workers",
          "/api/v1/storage/orphans",
          "/actuator/health",
          "/docs",
          "/error",
          "/");

  private static final List<String> QUERIES =
      List.of(
          "",
          "?limit=5",
          "?limit=0&cursor=AAAA",
          "?sort=-accuracy&state=FAILED&tag=%E8%AA%9E",
          "?a=0&b=1&lambda=0.3",
          "?ids=" + NOBODY + "," + NOBODY,
          "?tta=auto&budgetMs=5&topK=3&beta=0.5&calibrated=true",
          "?recipe=smoke&phase=1&seed=7&mixup=true&pictures=4",
          "?dryRun=true",
          "?size=64&points=3");

  private static final List<String> HEADERS =
      List.of(
          "Content-Type: application/json",
          "Content-Type: image/jpeg",
          "Content-Type: multipart/form-data; boundary=x",
          "Content-Type: application/x-www-form-urlencoded",
          "Content-Type: */*",
          "Content-Encoding: gzip",
          "Transfer-Encoding: chunked",
          "Expect: 100-continue",
          "Accept: application/json, text/*;q=0.5",
          "Accept: text/event-stream",
          "Accept-Language: ar-EG",
          "Range: bytes=0-5,7-9",
          "If-None-Match: *",
          "If-Match: \"x\"",
          "Last-Event-ID: 5",
          "Idempotency-Key: a",
          "X-Request-Id: fuzz",
          "X-Forwarded-For: 1.2.3.4",
          "Cookie: a=b",
          "Authorization: Bearer nobody");

  private static final List<String> BODIES =
      List.of(
          "",
          "{}",
          "null",
          "{\"dataset\": \"" + NOBODY + "\", \"recipe\": \"smoke\", \"priority\": 1}",
          "{\"source\": {\"type\": \"url\", \"url\": \"ftp://a\"}, \"split\": \"random\"}",
          "{\"checkpoint\": \"" + NOBODY + "\"}",
          "{\"overrides\": {\"phases[0].epochs\": 1e400}, \"seed\": -0}",
          "--x\r\nContent-Disposition: form-data; name=\"split\"\r\n\r\nfolders\r\n--x--\r\n",
          "--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a\"\r\n\r\nGIF89a\r\n--x--\r\n",
          "5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n",
          "a=%zz&b");

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
      byte[] request = request(random);
      String answer = send(request);
      String what =
          "seed %d, case %d: %s%n%s".formatted(seed, i, new String(request, ISO_8859_1), answer);
      if (answer.startsWith("HTTP/")) {
        answered++;
        int status = Integer.parseInt(answer.substring(9, 12));
        assertThat(KNOWN).as(what).contains(status == 100 ? last(answer) : status);
        assertThat(answer).as(what).doesNotContain("<html", "Exception", "\tat ");
      }
    }
    assertThat(answered).as("seed %d", seed).isGreaterThan(cases * 8 / 10);
    assertThat(http().get("/api/v1/recipes").text()).isEqualTo(before);
  }

  private static int last(String answer) {
    int again = answer.indexOf("HTTP/", 5);
    return again < 0 ? 400 : Integer.parseInt(answer.substring(again + 9, again + 12));
  }

  private static <T> T one(List<T> of, RandomGenerator random) {
    return of.get(random.nextInt(of.size()));
  }

  private static byte[] request(RandomGenerator random) {
    String body = one(BODIES, random);
    StringBuilder text = new StringBuilder();
    text.append(one(METHODS, random)).append(' ').append(one(PATHS, random));
    text.append(one(QUERIES, random))
        .append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    boolean chunked = false;
    for (int i = random.nextInt(4); i > 0; i--) {
      String header = one(HEADERS, random);
      chunked |= header.startsWith("Transfer-Encoding");
      text.append(header).append("\r\n");
    }
    if (!chunked || random.nextInt(8) == 0) {
      text.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    text.append("\r\n").append(body);
    byte[] whole = text.toString().getBytes(ISO_8859_1);
    return random.nextInt(3) == 0 ? whole : Mutation.of(whole, random);
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
