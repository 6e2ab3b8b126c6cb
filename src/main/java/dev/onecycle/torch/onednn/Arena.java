package dev.onecycle.torch.onednn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The memory for what is between the layers of all chains of a network: no two of them run at once,
 * so each may have all of it, and together they keep what the largest needs.
 */
public final class Arena implements AutoCloseable {

  private final List<Block> blocks = new ArrayList<>();

  /** Returns all blocks, for a chain to use. */
  List<Block> blocks() {
    return new ArrayList<>(blocks);
  }

  /**
   * Takes the smallest free block that is large enough. Where there is none, a new one is as large
   * as the next power of two, so that ever larger chains do not each get blocks of their own.
   */
  Block take(long bytes, List<Block> free) {
    Block found =
        free.stream()
            .filter(block -> block.bytes() >= bytes)
            .min(Comparator.comparingLong(Block::bytes))
            .orElse(null);
    if (found != null) {
      free.remove(found);
      return found;
    }
    Block made = new Block(Math.max(1, Long.highestOneBit(2 * bytes - 1)));
    blocks.add(made);
    return made;
  }

  /** Returns how much memory there is. */
  public long bytes() {
    return blocks.stream().mapToLong(Block::bytes).sum();
  }

  /** Frees it, once no chain is left. */
  @Override
  public void close() {
    blocks.forEach(Block::close);
    blocks.clear();
  }
}
