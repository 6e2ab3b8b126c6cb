package dev.onecycle.platform.http.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts wrong keys by the address that they come from, and says when there are too many: more than
 * ten within a minute. Remembers the last 4,096 addresses. Safe for any number of threads.
 */
final class Guesses {

  private static final Logger log = LoggerFactory.getLogger(Guesses.class);

  static final int ALLOWED = 10;
  static final int REMEMBERED = 4_096;
  private static final Duration SPAN = Duration.ofMinutes(1);

  /** Wrong keys of an address since then. */
  private record Count(Instant since, int wrong) {}

  private final Clock clock;

  /** The address that was wrong least recently first. */
  private final Map<String, Count> counts =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
          return size() > REMEMBERED;
        }
      };

  Guesses(Clock clock) {
    this.clock = clock;
  }

  /**
   * Counts one more wrong key.
   *
   * @return how long the address shall wait, zero while it has some left
   */
  synchronized Duration wrong(String address) {
    Instant now = clock.instant();
    Count before = counts.get(whose(address));
    Count count =
        before != null && now.isBefore(before.since.plus(SPAN))
            ? new Count(before.since, before.wrong + 1)
            : new Count(now, 1);
    counts.put(whose(address), count);
    if (count.wrong <= ALLOWED) {
      return Duration.ZERO;
    }
    if (count.wrong == ALLOWED + 1) {
      log.warn("{} wrong API keys came from {} within a minute", count.wrong, address);
    }
    return Duration.between(now, count.since.plus(SPAN));
  }

  /** An IPv6 address stands for its network of 64 bits, all of which one customer has. */
  private static String whose(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      return Arrays.toString(Arrays.copyOf(InetAddress.getByName(address).getAddress(), 8));
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
