package dev.onecycle.layout;

import dev.onecycle.platform.Failure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table that have anything in them, read anew each time: those of a million pictures
 * would fill the memory.
 *
 * @param separator between two cells
 */
record TableRows(String text, char separator) implements Iterable<List<String>> {

  private static final int MAX_COLUMNS = 1_000;
  private static final int MAX_CELLS = 10_000_000;

  /**
   * Reads them one by one.
   *
   * @throws Failure.Invalid from it, for too many cells, and where the text ends inside quotes
   */
  @Override
  public Iterator<List<String>> iterator() {
    return new Rows();
  }

  private static void requireAtMost(String what, int count, int most) {
    if (count > most) {
      throw new Failure.Invalid(
          "the table of labels has %d %s > maximum %d".formatted(count, what, most),
          "Leave in it what names pictures, labels and parts.");
    }
  }

  private final class Rows implements Iterator<List<String>> {
    private final StringBuilder cell = new StringBuilder();
    private int at;
    private int cells;
    private @Nullable List<String> next;

    @Override
    public boolean hasNext() {
      while (next == null && at <= text.length()) {
        List<String> row = row();
        next = row.stream().allMatch(String::isBlank) ? null : row;
      }
      return next != null;
    }

    @Override
    public List<String> next() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException();
      }
      List<String> row = next;
      next = null;
      return row;
    }

    /** The row that begins here; behind the last one {@link #at} is beyond the text. */
    private List<String> row() {
      List<String> row = new ArrayList<>();
      boolean quoted = false;
      for (; at < text.length(); at++) {
        char c = text.charAt(at);
        if (quoted) {
          if (c != '"') {
            cell.append(c);
          } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
            cell.append(text.charAt(++at));
          } else {
            quoted = false;
          }
        } else if (c == '"' && cell.isEmpty()) {
          quoted = true;
        } else if (c == separator) {
          end(row);
        } else if (c == '\n' || c == '\r') {
          break;
        } else {
          cell.append(c);
        }
      }
      if (quoted) {
        throw new Failure.Invalid(
            "the table of labels ends inside quotes", "Close every quotation mark in it.");
      }
      at++;
      end(row);
      return row;
    }

    private void end(List<String> row) {
      row.add(cell.isEmpty() ? "" : cell.toString());
      cell.setLength(0);
      requireAtMost("cells", ++cells, MAX_CELLS);
      requireAtMost("columns", row.size(), MAX_COLUMNS);
    }
  }
}
