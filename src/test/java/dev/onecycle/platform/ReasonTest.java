package dev.onecycle.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ReasonTest {

  @Test
  void saysWhatTheSystemSays() {
    assertThat(Reason.of(new IOException("bad magic 1/2"))).isEqualTo("bad magic 1/2");
    assertThat(Reason.of(new FileSystemException("/srv/a", null, "No space left on device")))
        .isEqualTo("No space left on device");
    assertThat(Reason.of(new EOFException())).isEqualTo("it ends too early");
    assertThat(Reason.of(new AccessDeniedException("/srv/a")))
        .isEqualTo("it may not be read or written");
  }

  @Test
  void namesNoPathAndNoClass() {
    assertThat(Reason.of(new NoSuchFileException("/srv/a"))).isEqualTo("it is gone");
    assertThat(Reason.of(new FileNotFoundException("/srv/a (No such file)")))
        .isEqualTo("it is gone");
    assertThat(Reason.of(new IOException("cannot open '/srv/a'")))
        .isEqualTo("reading or writing failed");
    assertThat(Reason.of(new IOException())).isEqualTo("reading or writing failed");
  }
}
