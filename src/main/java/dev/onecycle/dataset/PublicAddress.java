package dev.onecycle.dataset;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Tells addresses of the public internet from those of this machine, its networks and its cloud's
 * metadata service, after the registries of special addresses of IANA (RFC 6890).
 */
final class PublicAddress {

  private record Block(byte[] prefix, int bits) {

    static Block of(String block) {
      String[] parts = block.split("/", 2);
      try {
        return new Block(InetAddress.getByName(parts[0]).getAddress(), Integer.parseInt(parts[1]));
      } catch (UnknownHostException e) {
        throw new IllegalStateException(block + " is no address. This is a bug.", e);
      }
    }

    boolean contains(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >>> (bit & 7);
        if (((address[bit >> 3] ^ prefix[bit >> 3]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  private static final List<Block> NOT_PUBLIC_4 =
      blocks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4");

  private static final Block UNICAST_6 = Block.of("2000::/3");

  /** Within the unicast block: protocols, Teredo, documentation. */
  private static final List<Block> NOT_PUBLIC_6 = blocks("2001::/23", "2001:db8::/32", "3fff::/20");

  private static final Block SIX_TO_FOUR = Block.of("2002::/16");
  private static final Block NAT64 = Block.of("64:ff9b::/96");

  private PublicAddress() {}

  /** Whether a server at this address is anybody's, not ours. */
  static boolean is(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return isPublic4(bytes);
    }
    if (NAT64.contains(bytes)) {
      return isPublic4(Arrays.copyOfRange(bytes, 12, 16));
    }
    if (SIX_TO_FOUR.contains(bytes)) {
      return isPublic4(Arrays.copyOfRange(bytes, 2, 6));
    }
    return UNICAST_6.contains(bytes) && NOT_PUBLIC_6.stream().noneMatch(b -> b.contains(bytes));
  }

  private static boolean isPublic4(byte[] bytes) {
    return NOT_PUBLIC_4.stream().noneMatch(block -> block.contains(bytes));
  }

  private static List<Block> blocks(String... blocks) {
    return Arrays.stream(blocks).map(Block::of).toList();
  }
}
