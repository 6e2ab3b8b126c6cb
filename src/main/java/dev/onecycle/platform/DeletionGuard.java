package dev.onecycle.platform;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Refuses deletions of what is still used, and says by what. */
@Component
public class DeletionGuard {

  private static final int MOST = 10;

  private final List<Uses> rooms;

  DeletionGuard(List<Uses> rooms) {
    this.rooms = List.copyOf(rooms);
  }

  /**
   * Refuses if anything refers to one of {@code ids}. The database refuses, too, what comes to
   * refer to it after this look, but cannot say what it is.
   *
   * @param message the failure's
   * @param fix what to do first
   * @throws Failure.Conflict with links to up to ten of the things in the way
   */
  public void refuse(Collection<UUID> ids, String message, String fix) {
    List<String> links =
        ids.stream()
            .flatMap(id -> rooms.stream().flatMap(room -> room.links(id, MOST).stream()))
            .distinct()
            .limit(MOST)
            .toList();
    if (!links.isEmpty()) {
      throw new Failure.Conflict(message, fix, links);
    }
  }
}
