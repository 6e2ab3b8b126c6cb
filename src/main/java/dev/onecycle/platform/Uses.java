package dev.onecycle.platform;

import java.util.List;
import java.util.UUID;

/**
 * What refers to a thing, so that a deletion which it stops can name it. Each room says so of its
 * own rows, and knows nothing of who asks.
 */
@FunctionalInterface
public interface Uses {

  /** Links to the rows of this room that refer to {@code id}, whatever it is of; the first few. */
  List<String> links(UUID id, int most);
}
