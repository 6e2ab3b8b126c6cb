package dev.onecycle.search;

import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.Role;
import dev.onecycle.run.RunChanged;
import dev.onecycle.run.Runs;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Looks at the searches that have not ended, again and again, where their runs changed. */
@Component
class SearchLoop {

  private static final Logger log = LoggerFactory.getLogger(SearchLoop.class);

  private final SearchRepository searches;
  private final SearchTurn turn;
  private final Runs runs;
  private final Role role;

  private final Clock clock;

  /** Where each search stood when its last turn began. */
  private final Map<UUID, Seen> seen = new HashMap<>();

  /**
   * @param runs where they stood
   * @param next when another turn is due even if none of them changed; null for never
   */
  private record Seen(List<RunChanged> runs, @Nullable Instant next) {}

  SearchLoop(
      SearchRepository searches,
      SearchTurn turn,
      Runs runs,
      OnecycleProperties onecycle,
      Clock clock) {
    this.searches = searches;
    this.turn = turn;
    this.runs = runs;
    this.clock = clock;
    this.role = onecycle.role();
  }

  /** Takes a turn of each search that needs one. */
  @Scheduled(fixedDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
  void look() {
    if (!role.serves()) {
      return;
    }
    List<UUID> unended = searches.unended();
    seen.keySet().retainAll(unended);
    for (UUID search : unended) {
      try {
        lookAt(search);
      } catch (RuntimeException e) { // the others go on
        log.warn("search {} could not be looked at; it is tried again", search, e);
        seen.remove(search);
      }
    }
  }

  private void lookAt(UUID search) {
    List<RunChanged> standing =
        runs.standing(searches.runsOf(search)).stream()
            .sorted(Comparator.comparing(RunChanged::run))
            .toList();
    Seen last = seen.get(search);
    if (last == null || !standing.equals(last.runs) || isDue(last.next)) {
      seen.put(search, new Seen(standing, turn.take(search, clock.instant())));
    }
  }

  private boolean isDue(@Nullable Instant next) {
    return next != null && !clock.instant().isBefore(next);
  }
}
