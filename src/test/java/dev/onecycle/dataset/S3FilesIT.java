package dev.onecycle.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.layout.Layout;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.Buckets;
import dev.onecycle.store.DiskSpace;
import dev.onecycle.store.S3Access;
import dev.onecycle.testing.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class S3FilesIT {

  private static S3Server server;

  @TempDir Path work;
  private String bucket;
  private int drawn;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void fill() {
    bucket = server.newBucket();
  }

  private void put(String folder, int count) {
    for (int i = 0; i < count; i++) {
      server.put(bucket, folder + "/" + i + ".png", Archives.png(0x10203 * ++drawn));
    }
  }

  private SourcePacker packer(URI endpoint, Duration stall, Clock clock, String... roots) {
    DatasetProperties properties =
        new DatasetProperties(
            List.of(),
            DataSize.ofMegabytes(1),
            DataSize.ofMegabytes(1),
            DataSize.ofKilobytes(100),
            2_000,
            200,
            Duration.ofMinutes(1),
            stall,
            1,
            1,
            1_000_000,
            DataSize.ofMegabytes(1));
    BucketProperties s3 = new BucketProperties(Arrays.asList(roots), "us-east-1", endpoint, true);
    Buckets buckets = new Buckets(new S3Access(s3.region(), s3.endpoint(), s3.pathStyle()));
    return new SourcePacker(properties, null, new DiskSpace(0), s3, buckets, clock);
  }

  private SourcePacker packer() {
    return packer(server.endpoint(), Duration.ofMinutes(1), Clock.systemUTC(), "s3://" + bucket);
  }

  private static Source source(String url) {
    return new Source(Source.Type.S3, null, url, null);
  }

  private PackSummary imported(SourcePacker packer, String below) throws IOException {
    return packer
        .pack(
            source("s3://" + bucket + below),
            SourcePacker.Sent.nothing(),
            ImportSpec.byDefault(),
            work.resolve("pack"),
            new ImportProgress())
        .summary();
  }

  private static String counts(List<LabelCount> labels) {
    return labels.stream()
        .map(label -> label.name() + ":" + label.train() + "/" + label.valid())
        .toList()
        .toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/set", "/set/"})
  void objectsBelowAPrefixAreAFolderOfPictures(String below) throws IOException {
    put("set/train/cat", 4);
    put("set/train/d\u00f6g & co", 4);
    put("set/val/cat", 2);
    put("set/val/do\u0308g & co", 2);
    put("set/.git/objects", 2);
    put("set2/train/wolf", 4);
    put("set/C:/up", 1);
    server.put(bucket, "set/", new byte[0]);
    server.put(bucket, "set/train/empty/", new byte[0]);
    server.put(bucket, "set/notes.txt", "hello".getBytes(UTF_8));
    PackSummary summary = imported(packer(), below);
    assertThat(counts(summary.labels())).isEqualTo("[cat:4/2, d\u00f6g & co:4/2]");
    assertThat(summary.layout().ignored().stream().map(Layout.Ignored::files))
        .containsExactly(1, 1, 2);
    assertThat(summary.audit().unreadable().items().get(0).reason())
        .isEqualTo("has a name that leaves its folder");
    assertThat(summary.audit().emptyFolders().items()).containsExactly("train/empty/");
  }

  @Test
  void aLongListingComesInPages() throws IOException {
    put("a", 3);
    put("z", 3);
    for (int i = 0; i < 1_100; i++) {
      server.put(bucket, "m/" + i + ".txt", new byte[0]);
    }
    assertThat(counts(imported(packer(), "").labels())).isEqualTo("[a:2/1, z:2/1]");
    for (int i = 0; i < 900; i++) {
      server.put(bucket, "n/" + i + ".txt", new byte[0]);
    }
    assertThatThrownBy(() -> imported(packer(), ""))
        .hasMessage("the import has 2001 files > maximum 2000");
  }

  @Test
  void aLookReadsTablesAlone() throws IOException {
    server.put(bucket, "x/1.png", new byte[200_000]);
    server.put(bucket, "x/2.png", new byte[200_000]);
    server.put(bucket, "x/3.png", new byte[200_000]);
    server.put(bucket, "x/labels.csv", "file,label\n1,a\n2,b\n3,b\n".getBytes(UTF_8));
    DatasetLook look =
        packer()
            .look(
                source("s3://" + bucket + "/x"),
                SourcePacker.Sent.nothing(),
                ImportSpec.asked(null, dev.onecycle.layout.LabelRule.table("labels.csv"), null),
                work.resolve("scratch"),
                new ImportProgress());
    assertThat(look.problem()).isNull();
    assertThat(counts(look.labels())).isEqualTo("[a:1/0, b:1/1]");
    assertThatThrownBy(() -> imported(packer(), "/x"))
        .hasMessageContaining("102401 bytes or more in 1.png > maximum 102400");
  }

  @ParameterizedTest
  @CsvSource({
    "s3://b, s3://b/x, true",
    "s3://b/x, s3://b/x, true",
    "s3://b/x, s3://b/x/y/, true",
    "s3://b/x/, s3://b//x/y, true",
    "s3://b/x, s3://b/xy, false",
    "s3://b/x, s3://b, false",
    "s3://b/x, s3://c/x, false",
    "s3://b/x, s3://b/y/../x, false",
    ", s3://b/x, false"
  })
  void onlyPlacesBelowTheRootsAreRead(String root, String asked, boolean allowed) {
    String bbb = "bbb";
    List<String> roots = root == null ? List.of() : List.of(root.replace("//b", "//" + bbb));
    BucketProperties properties = new BucketProperties(roots, null, null, false);
    String url = asked.replace("//b", "//" + bbb).replace("//c", "//ccc");
    if (allowed) {
      assertThat(properties.allowed(url).bucket()).isEqualTo(bbb);
    } else {
      assertThatThrownBy(() -> properties.allowed(url))
          .isInstanceOf(Failure.Invalid.class)
          .hasMessageContaining("does not lie in the buckets that imports may read");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"s3://", "s3://B/x", "https://b/x", "s3://a b/x", "s3:///x", "s3://bbb?x", ""})
  void whatIsNoPlaceIsRefused(String url) {
    assertThatThrownBy(() -> source(url))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("source.url");
    assertThatThrownBy(() -> new BucketProperties(List.of(url), null, null, false))
        .hasMessageContaining("onecycle.dataset.s3.roots has '" + url + "'");
  }

  @Test
  void saysWhatIsNotThere() {
    assertThatThrownBy(() -> imported(packer(), "/nothing"))
        .hasMessage("there is nothing in s3://" + bucket + "/nothing/");
    SourcePacker other =
        packer(server.endpoint(), Duration.ofMinutes(1), Clock.systemUTC(), "s3://no-such-bucket");
    bucket = "no-such-bucket";
    assertThatThrownBy(() -> imported(other, "/x"))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessage("bucket no-such-bucket cannot be read: its server answered 404 NoSuchBucket");
  }

  @Test
  void takesNoLongerThanADownloadMay() {
    put("a", 2);
    AtomicInteger hour = new AtomicInteger();
    InstantSource time = () -> Instant.EPOCH.plus(Duration.ofHours(hour.getAndIncrement()));
    Clock hurried = time.withZone(ZoneOffset.UTC);
    assertThatThrownBy(
            () ->
                imported(
                    packer(server.endpoint(), Duration.ofMinutes(1), hurried, "s3://" + bucket),
                    ""))
        .hasMessage("reading from the bucket takes longer than PT1M");
  }

  @Test
  void aServerThatIsSilentEndsTheImportAndNobodyWaitsForItWhoStops() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI endpoint = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      SourcePacker packer =
          packer(endpoint, Duration.ofSeconds(1), Clock.systemUTC(), "s3://" + bucket);
      assertThatThrownBy(() -> imported(packer, ""))
          .isInstanceOf(Failure.Invalid.class)
          .hasMessage("the import made no progress for 1 seconds");
      AtomicInteger looks = new AtomicInteger();
      ImportWatch stoppedSoon =
          new ImportWatch() {
            @Override
            public boolean stopRequested() {
              return looks.incrementAndGet() > 5;
            }

            @Override
            public void progress(Progress now) {}
          };
      long begun = System.nanoTime();
      assertThatThrownBy(
              () ->
                  packer(endpoint, Duration.ofHours(1), Clock.systemUTC(), "s3://" + bucket)
                      .pack(
                          source("s3://" + bucket),
                          SourcePacker.Sent.nothing(),
                          ImportSpec.byDefault(),
                          work.resolve("pack"),
                          stoppedSoon))
          .isInstanceOf(CancellationException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }
  }

  /** A server that lists twenty pictures at once, and gives none before the gate opens. */
  private static HttpServer slow(CountDownLatch gate, AtomicInteger asked) throws IOException {
    HttpServer slow =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    slow.setExecutor(
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work);
              thread.setDaemon(true);
              return thread;
            }));
    slow.createContext(
        "/",
        exchange -> {
          byte[] answer;
          if (exchange.getRequestURI().getRawQuery() == null) {
            asked.incrementAndGet();
            try {
              gate.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            String path = exchange.getRequestURI().getPath();
            answer = Archives.png(0x10203 * path.hashCode());
          } else {
            String keys =
                IntStream.range(0, 20)
                    .mapToObj(i -> (i < 10 ? "a/" : "b/") + (10 + i) + ".png")
                    .map("<Contents><Key>%s</Key><Size>70</Size></Contents>"::formatted)
                    .collect(Collectors.joining());
            answer =
                ("<ListBucketResult><IsTruncated>false</IsTruncated>"
                        + keys
                        + "</ListBucketResult>")
                    .getBytes(UTF_8);
          }
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    slow.start();
    return slow;
  }

  @Test
  void objectsComeSeveralAtOnceAndAreTakenInOrder() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    HttpServer slow = slow(gate, asked);
    try {
      URI endpoint = URI.create("http://127.0.0.1:" + slow.getAddress().getPort());
      SourcePacker packer =
          packer(endpoint, Duration.ofMinutes(1), Clock.systemUTC(), "s3://" + bucket);
      CompletableFuture<PackSummary> imported =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return imported(packer, "");
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      await().untilAsserted(() -> assertThat(asked).hasValue(6));
      assertThat(imported).isNotDone();
      gate.countDown();
      assertThat(counts(imported.get(1, TimeUnit.MINUTES).labels())).isEqualTo("[a:8/2, b:8/2]");
      assertThat(asked).hasValue(20);
    } finally {
      gate.countDown();
      slow.stop(0);
    }
  }

  @Test
  void whoStopsWaitsForNoObject() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    HttpServer slow = slow(gate, asked);
    try {
      URI endpoint = URI.create("http://127.0.0.1:" + slow.getAddress().getPort());
      AtomicLong stopped = new AtomicLong();
      ImportWatch watch =
          new ImportWatch() {
            @Override
            public boolean stopRequested() {
              boolean stop = asked.get() == 6;
              stopped.compareAndSet(0, stop ? System.nanoTime() : 0);
              return stop;
            }

            @Override
            public void progress(Progress now) {}
          };
      assertThatThrownBy(
              () ->
                  packer(endpoint, Duration.ofHours(1), Clock.systemUTC(), "s3://" + bucket)
                      .pack(
                          source("s3://" + bucket),
                          SourcePacker.Sent.nothing(),
                          ImportSpec.byDefault(),
                          work.resolve("pack"),
                          watch))
          .isInstanceOf(CancellationException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - stopped.get()))
          .as("a reading that is left behind takes five seconds")
          .isLessThan(Duration.ofSeconds(5));
    } finally {
      gate.countDown();
      slow.stop(0);
    }
  }
}
