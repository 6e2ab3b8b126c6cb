package dev.onecycle.dataset.pixels;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A file that grows at its end, through a buffer, and can be read again. For one thread. */
final class AppendedFile implements Closeable {

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
  private long written;

  private AppendedFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Starts an empty file, replacing what is there. */
  static AppendedFile at(Path path, OpenOption... besides) throws IOException {
    Set<OpenOption> options = new HashSet<>(List.of(READ, WRITE, CREATE, TRUNCATE_EXISTING));
    options.addAll(List.of(besides));
    return new AppendedFile(FileChannel.open(path, options));
  }

  /** How many bytes it has. */
  long length() {
    return written + buffer.position();
  }

  void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  void write(byte[] bytes, int offset, int count) throws IOException {
    if (count > buffer.remaining()) {
      flush();
    }
    if (count > buffer.remaining()) {
      put(ByteBuffer.wrap(bytes, offset, count), written);
      written += count;
    } else {
      buffer.put(bytes, offset, count);
    }
  }

  /** Leaves a hole, which takes no room on most disks. */
  void skip(long bytes) throws IOException {
    flush();
    written += bytes;
  }

  void flush() throws IOException {
    buffer.flip();
    int count = buffer.remaining();
    put(buffer, written);
    written += count;
    buffer.clear();
  }

  private void put(ByteBuffer bytes, long at) throws IOException {
    int from = bytes.position();
    while (bytes.hasRemaining()) {
      channel.write(bytes, at + bytes.position() - from);
    }
  }

  /** Writes over what is at {@code at}. */
  void replace(long at, ByteBuffer bytes) throws IOException {
    flush();
    put(bytes, at);
  }

  byte[] read(long at, int count) throws IOException {
    flush();
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new EOFException("it ends at " + (at + bytes.position()));
      }
    }
    return bytes.array();
  }

  void copyTo(AppendedFile other) throws IOException {
    long length = length();
    for (long at = 0; at < length; at += buffer.capacity()) {
      other.write(read(at, (int) Math.min(buffer.capacity(), length - at)));
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
