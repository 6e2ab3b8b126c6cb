package dev.onecycle.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes of pixels weighted at once: as two longs, of every other byte, each byte has sixteen
 * bits for itself, in which it can be multiplied by weights that sum to at most 256.
 */
final class Lanes {

  /** Reads eight bytes, the first of them lowest. */
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The first byte and every other after it. */
  static final long EVEN = 0x00ff00ff00ff00ffL;

  /** The lowest sixteen bits. */
  static final int LANE = 0xffff;

  private Lanes() {}
}
