package dev.onecycle.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Requests that are nearly right, byte by byte: lines, headers, queries and bodies of which parts
 * are broken, repeated, swapped or cut.
 */
public final class HostileRequests {

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

  private HostileRequests() {}

  private static <T> T one(List<T> of, RandomGenerator random) {
    return of.get(random.nextInt(of.size()));
  }

  /** Draws one; its connection is to be closed after the answer. */
  public static byte[] draw(RandomGenerator random) {
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
}
