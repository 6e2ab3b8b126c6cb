package dev.onecycle.work.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.onecycle.platform.StoredJson;
import dev.onecycle.work.PredictedPicture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;

/** A stream that turns lines of predictions into a {@link PredictionTable}, line by line. */
final class TableStream extends InputStream {

  private final BufferedReader lines;
  private final PredictionTable table;
  private final StoredJson json;
  private byte[] row;
  private int at;

  /** Takes {@code lines} over: closing this closes them. */
  TableStream(InputStream lines, PredictionTable table, StoredJson json) {
    this.lines = new BufferedReader(new InputStreamReader(lines, UTF_8));
    this.table = table;
    this.json = json;
    this.row = table.head().getBytes(UTF_8);
  }

  @Override
  public int read() throws IOException {
    return ready() ? row[at++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!ready()) {
      return -1;
    }
    int some = Math.min(length, row.length - at);
    System.arraycopy(row, at, into, offset, some);
    at += some;
    return some;
  }

  /** Returns whether there is a byte left, in the next row where this one is read. */
  private boolean ready() throws IOException {
    if (at == row.length) {
      String line = lines.readLine();
      if (line == null) {
        return false;
      }
      row = table.row(json.read(line, PredictedPicture.class)).getBytes(UTF_8);
      at = 0;
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
