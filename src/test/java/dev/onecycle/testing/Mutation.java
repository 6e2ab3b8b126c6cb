package dev.onecycle.testing;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Damages files as chance, or somebody who looks for holes, would. */
public final class Mutation {

  private Mutation() {}

  /** One to four changes: a byte, a run of bytes, a cut, most of them near the header. */
  public static byte[] of(byte[] file, RandomGenerator random) {
    byte[] bytes = file.clone();
    int changes = random.nextInt(1, 5);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(random.nextBoolean() ? Math.min(64, bytes.length) : bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 ->
            Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) random.nextInt(256));
        default -> bytes = Arrays.copyOf(bytes, Math.max(1, bytes.length - random.nextInt(8)));
      }
    }
    return bytes;
  }
}
