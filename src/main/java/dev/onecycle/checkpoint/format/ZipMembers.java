package dev.onecycle.checkpoint.format;

import static dev.onecycle.checkpoint.format.TorchFile.invalid;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The members of a zip file as PyTorch writes it: stored, not packed. Each is a slice of the file,
 * nothing is unpacked or copied, and no two share a byte; names are compared and never become
 * paths.
 */
final class ZipMembers {

  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int ENTRY = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END_BYTES = 22;
  private static final int LOCATOR_BYTES = 20;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_BYTES = 30;
  private static final int MOST = 20_000;

  private final ByteBuffer file;

  private record Member(String name, boolean stored, int begin, int end) {}

  private ZipMembers(ByteBuffer file) {
    this.file = file;
  }

  /**
   * Reads the directory at the end of a file. Packed members are left out.
   *
   * @throws dev.onecycle.platform.Failure.Invalid unless it is a zip file
   */
  static Map<String, ByteBuffer> of(ByteBuffer bytes) {
    return new ZipMembers(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN)).members();
  }

  private Map<String, ByteBuffer> members() {
    List<Member> members = directory();
    members.sort(Comparator.comparingInt(Member::begin));
    Map<String, ByteBuffer> slices = new LinkedHashMap<>();
    int end = 0;
    for (Member member : members) {
      if (member.begin < end) {
        throw invalid(member.name + " overlaps another member of the zip file");
      }
      end = member.end;
      ByteBuffer slice = file.slice(member.begin, end - member.begin);
      if (member.stored && slices.put(member.name, slice) != null) {
        throw invalid(member.name + " is in the zip file twice");
      }
    }
    return slices;
  }

  private List<Member> directory() {
    int end = file.limit() - END_BYTES;
    if (end < 0 || file.getInt(end) != END) {
      throw invalid("its zip directory is not at its end: it is cut off, or not PyTorch's");
    }
    long count = Short.toUnsignedLong(file.getShort(end + 10));
    long size = Integer.toUnsignedLong(file.getInt(end + 12));
    long at = Integer.toUnsignedLong(file.getInt(end + 16));
    int locator = end - LOCATOR_BYTES;
    if (locator >= 0 && file.getInt(locator) == LOCATOR_64) {
      int end64 = within(file.getLong(locator + 8), 56, locator);
      if (file.getInt(end64) != END_64) {
        throw invalid("its zip directory is broken");
      }
      count = file.getLong(end64 + 32);
      size = file.getLong(end64 + 40);
      at = file.getLong(end64 + 48);
    }
    if (count < 0 || count > MOST) {
      throw invalid("a zip file of " + Long.toUnsignedString(count) + " members > " + MOST);
    }
    int from = within(at, size, end);
    return entries((int) count, from, from + (int) size);
  }

  private List<Member> entries(int count, int from, int end) {
    List<Member> members = new ArrayList<>();
    int at = from;
    for (int i = 0; i < count; i++) {
      within(at, ENTRY_BYTES, end);
      int name = Short.toUnsignedInt(file.getShort(at + 28));
      int extra = Short.toUnsignedInt(file.getShort(at + 30));
      int comment = Short.toUnsignedInt(file.getShort(at + 32));
      within(at + ENTRY_BYTES, name + extra + comment, end);
      if (file.getInt(at) != ENTRY) {
        throw invalid("its zip directory is broken");
      }
      members.add(member(at, text(at + ENTRY_BYTES, name), from));
      at += ENTRY_BYTES + name + extra + comment;
    }
    return members;
  }

  /** Finds a member's bytes, all before the directory at {@code directory}. */
  private Member member(int entry, String name, int directory) {
    long size = Integer.toUnsignedLong(file.getInt(entry + 20));
    boolean stored = file.getShort(entry + 10) == 0;
    int local = within(Integer.toUnsignedLong(file.getInt(entry + 42)), LOCAL_BYTES, directory);
    if (file.getInt(local) != LOCAL) {
      throw invalid(name + " is not where the zip directory says");
    }
    int before =
        Short.toUnsignedInt(file.getShort(local + 26))
            + Short.toUnsignedInt(file.getShort(local + 28));
    int begin = within((long) local + LOCAL_BYTES + before, size, directory);
    return new Member(name, stored, begin, begin + (int) size);
  }

  private String text(int at, int length) {
    byte[] bytes = new byte[length];
    file.get(at, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Returns {@code at}, with {@code length} bytes after it before {@code end}. */
  private static int within(long at, long length, int end) {
    if (at < 0 || length < 0 || length > end || at > end - length) {
      throw invalid("its zip directory points out of the file");
    }
    return (int) at;
  }
}
