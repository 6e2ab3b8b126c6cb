package dev.onecycle.store.download;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.springframework.security.util.matcher.InetAddressMatcher;
import org.springframework.security.util.matcher.InetAddressMatchers;

/**
 * Tells addresses of the public internet from those of this machine, its networks and its cloud's
 * metadata service, after the registries of special addresses of IANA (RFC 6890).
 */
final class PublicAddress {

  private static final InetAddressMatcher PUBLIC_4 =
      InetAddressMatchers.builder()
          .excludeAddresses(
              List.of(
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
                  "240.0.0.0/4"))
          .build();

  /** The unicast block, but for protocols, Teredo and documentation. */
  private static final InetAddressMatcher PUBLIC_6 =
      InetAddressMatchers.builder()
          .includeAddresses(List.of("2000::/3"))
          .excludeAddresses(List.of("2001::/23", "2001:db8::/32", "3fff::/20"))
          .build();

  private static final InetAddressMatcher SIX_TO_FOUR =
      InetAddressMatchers.fromIpAddress("2002::/16");
  private static final InetAddressMatcher NAT64 = InetAddressMatchers.fromIpAddress("64:ff9b::/96");

  private PublicAddress() {}

  /** Whether a server at this address is anybody's, not ours. */
  static boolean is(InetAddress address) {
    // A matcher compares bytes and not families: an address goes to those of its own only.
    if (address instanceof Inet4Address) {
      return PUBLIC_4.matches(address);
    }
    if (NAT64.matches(address)) {
      return PUBLIC_4.matches(within(address, 12));
    }
    if (SIX_TO_FOUR.matches(address)) {
      return PUBLIC_4.matches(within(address, 2));
    }
    return PUBLIC_6.matches(address);
  }

  /** The four bytes from {@code start} as an address of version 4. */
  private static InetAddress within(InetAddress address, int start) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), start, start + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are no address. This is a bug.", e);
    }
  }
}
