package dev.onecycle.platform.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/**
 * A file that never changes as an answer, whole or one range of it, as RFC 9110 has it: conditions
 * first, then the range. More ranges than one are answered with the whole, which a server may.
 */
public final class FileAnswer {

  private static final String UNIT = "bytes=";

  private final HttpHeaders request;
  private final String tag;

  /**
   * @param request the headers of a GET
   * @param tag the strong ETag, its quotes included
   */
  public FileAnswer(HttpHeaders request, String tag) {
    this.request = request;
    this.tag = tag;
  }

  /**
   * The file.
   *
   * @param size of the whole, in bytes
   */
  public record Whole(Resource bytes, long size) {}

  /** The bytes from {@code first} to {@code last}, both inclusive. */
  private record Range(long first, long last) {

    long length() {
      return last - first + 1;
    }
  }

  /**
   * 200, 206, 304, 412 or 416, with the headers that go with it.
   *
   * @param file asked for only where the conditions hold
   */
  public ResponseEntity<Resource> of(Supplier<Whole> file, HttpHeaders headers) {
    HttpHeaders all = new HttpHeaders();
    all.putAll(headers);
    all.setETag(tag);
    all.set(HttpHeaders.ACCEPT_RANGES, "bytes");
    HttpStatus refused = refused();
    if (refused != null) {
      return new ResponseEntity<>(null, all, refused);
    }
    Whole whole = file.get();
    long size = whole.size;
    String wanted = request.getFirst(HttpHeaders.RANGE);
    if (wanted == null || !partsFit() || several(wanted)) {
      return answer(whole.bytes, new Range(0, size - 1), all, HttpStatus.OK);
    }
    Range range = range(wanted.strip().substring(UNIT.length()).strip(), size);
    if (range == null) {
      all.remove(HttpHeaders.CONTENT_TYPE);
      all.remove(HttpHeaders.CONTENT_DISPOSITION);
      all.set(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
      return new ResponseEntity<>(null, all, HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE);
    }
    all.set(HttpHeaders.CONTENT_RANGE, "bytes " + range.first + "-" + range.last + "/" + size);
    return answer(whole.bytes, range, all, HttpStatus.PARTIAL_CONTENT);
  }

  private static ResponseEntity<Resource> answer(
      Resource file, Range range, HttpHeaders headers, HttpStatus status) {
    headers.setContentLength(range.length());
    // Not as a file: Spring would look at the range once more.
    return new ResponseEntity<>(new InputStreamResource(() -> part(file, range)), headers, status);
  }

  private static InputStream part(Resource file, Range range) throws IOException {
    InputStream bytes = file.getInputStream();
    try {
      bytes.skipNBytes(range.first);
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
    return new BoundedStream(bytes, range.length());
  }

  /** The status of a condition that does not hold, or null. */
  private @Nullable HttpStatus refused() {
    List<String> match = tags(HttpHeaders.IF_MATCH);
    if (!match.isEmpty() && !match.contains("*") && !match.contains(tag)) {
      return HttpStatus.PRECONDITION_FAILED;
    }
    // Weak tags compare as strong ones here.
    List<String> known = tags(HttpHeaders.IF_NONE_MATCH);
    boolean unchanged =
        known.contains("*") || known.stream().map(FileAnswer::strong).anyMatch(tag::equals);
    return unchanged ? HttpStatus.NOT_MODIFIED : null;
  }

  private static String strong(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }

  private List<String> tags(String header) {
    return request.getOrEmpty(header).stream()
        .flatMap(line -> Stream.of(line.split(",")))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** Whether whoever has the rest of the file has the rest of this one. */
  private boolean partsFit() {
    String rest = request.getFirst(HttpHeaders.IF_RANGE);
    return rest == null || rest.strip().equals(tag);
  }

  /** Whether a header asks for more than one range, or for what is no range at all. */
  private static boolean several(String wanted) {
    String spec = wanted.strip();
    return !spec.startsWith(UNIT)
        || !spec.substring(UNIT.length()).strip().matches("\\d+-\\d*|-\\d+");
  }

  /** The range of a specification such as {@code 5-}; null where the file has no byte of it. */
  private static @Nullable Range range(String spec, long size) {
    int hyphen = spec.indexOf('-');
    long last = hyphen == spec.length() - 1 ? size - 1 : number(spec.substring(hyphen + 1));
    if (hyphen == 0) {
      return last == 0 ? null : new Range(Math.max(0, size - last), size - 1);
    }
    long first = number(spec.substring(0, hyphen));
    return first >= size || last < first ? null : new Range(first, Math.min(last, size - 1));
  }

  private static long number(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
