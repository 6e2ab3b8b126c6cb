package dev.onecycle.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.http.SlowBodies.Pace;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;

class SlowBodiesTest {

  @Test
  void everyByteBuysTime() {
    Pace pace = new Pace(Duration.ofSeconds(5), 1_000);
    assertThat(pace.keeps(Duration.ZERO, 0)).isTrue();
    assertThat(pace.keeps(Duration.ofSeconds(5), 0)).isTrue();
    assertThat(pace.keeps(Duration.ofMillis(5_001), 0)).isFalse();
    assertThat(pace.keeps(Duration.ofMillis(5_001), 1)).isTrue();
    assertThat(pace.keeps(Duration.ofSeconds(15), 10_000)).isTrue();
    assertThat(pace.keeps(Duration.ofSeconds(15), 9_999)).isFalse();
  }

  @Test
  void aPhoneKeepsTheDefaultPace() {
    int speed = (int) new Binder().bindOrCreate("", HttpProperties.class).slowestBody().toBytes();
    Pace pace = new Pace(Duration.ofSeconds(5), speed);
    assertThat(pace.keeps(Duration.ofMinutes(1), 60 * 40_000)).isTrue();
    assertThat(pace.keeps(Duration.ofMinutes(1), 60 * 10_000)).isFalse();
    assertThat(pace.keeps(Duration.ofHours(24), 8L << 30)).isTrue();
    assertThat(pace.keeps(Duration.ofDays(30), 8L << 30)).isFalse();
  }

  /** As of a prediction that waits in line: its few bytes came at once. */
  @Test
  void whatTheServerTakesForItselfIsNotTheCallers() throws Exception {
    assertThat(reads(Duration.ofMillis(1), Duration.ofMinutes(10)))
        .as("ten bytes, their end, and whether more came")
        .isEqualTo(12);
    assertThatThrownBy(() -> reads(Duration.ofMinutes(10), Duration.ZERO))
        .isInstanceOf(SocketTimeoutException.class);
  }

  /**
   * How often a body is read on whose bytes are each waited for so long, and that is worked on for
   * so long once a route has read it.
   */
  private static int reads(Duration each, Duration work) throws Exception {
    AtomicLong clock = new AtomicLong(1);
    Drips body = new Drips(each, clock);
    org.apache.coyote.Request wire = new org.apache.coyote.Request();
    wire.setResponse(new org.apache.coyote.Response());
    wire.setInputBuffer(body);
    HttpProperties settings = new Binder().bindOrCreate("", HttpProperties.class);
    ValveBase watch = new SlowBodies(settings).watch(clock::get);
    watch.setNext(
        new ValveBase() {
          @Override
          public void invoke(Request request, Response response) throws IOException {
            InputBuffer timed = request.getCoyoteRequest().getInputBuffer();
            while (timed.doRead(null) >= 0) {
              // to its end
            }
            clock.addAndGet(work.toNanos());
          }
        });
    watch.invoke(new Request(null, wire), new Response(wire.getResponse()));
    return body.reads;
  }

  /** A body of ten bytes. */
  private static final class Drips implements InputBuffer {

    private final Duration each;
    private final AtomicLong clock;
    private int reads;

    Drips(Duration each, AtomicLong clock) {
      this.each = each;
      this.clock = clock;
    }

    @Override
    public int doRead(ApplicationBufferHandler handler) {
      clock.addAndGet(each.toNanos());
      return ++reads > 10 ? -1 : 1;
    }

    @Override
    public int available() {
      return 0;
    }
  }
}
