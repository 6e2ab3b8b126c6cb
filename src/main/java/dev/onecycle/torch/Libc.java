package dev.onecycle.torch;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import org.jspecify.annotations.Nullable;

/** The functions of glibc that we call. */
interface Libc extends Library {

  int mallopt(int parameter, int value);

  int malloc_trim(long pad);

  int setenv(String name, String value, int overwrite);

  int setpriority(int which, int who, int priority);

  /** Returns glibc, or null where the C library is another one. */
  static @Nullable Libc find() {
    try {
      return Platform.isLinux() ? Native.load("c", Libc.class) : null;
    } catch (LinkageError e) {
      return null;
    }
  }
}
