package dev.onecycle.store.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "fec0::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001::1",
        "2001:db8::1"
      })
  void isOurs(String address) throws UnknownHostException {
    assertThat(isPublic(address)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "52.216.0.1",
        "172.32.0.1",
        "192.167.255.255",
        "100.128.0.1",
        "223.255.255.1",
        "2606:4700::1111",
        "2a00:1450::1",
        "64:ff9b::101:101",
        "2002:101:101::"
      })
  void isAnybodys(String address) throws UnknownHostException {
    assertThat(isPublic(address)).isTrue();
  }

  /** Each block's first and last address, and its neighbours, where they are no block's. */
  @ParameterizedTest
  @CsvSource({
    "          , 0.0.0.0,     0.255.255.255,   1.0.0.0",
    "9.255.255.255,   10.0.0.0,    10.255.255.255,  11.0.0.0",
    "100.63.255.255,  100.64.0.0,  100.127.255.255, 100.128.0.0",
    "126.255.255.255, 127.0.0.0,   127.255.255.255, 128.0.0.0",
    "169.253.255.255, 169.254.0.0, 169.254.255.255, 169.255.0.0",
    "172.15.255.255,  172.16.0.0,  172.31.255.255,  172.32.0.0",
    "191.255.255.255, 192.0.0.0,   192.0.0.255,     192.0.1.0",
    "192.0.1.255,     192.0.2.0,   192.0.2.255,     192.0.3.0",
    "192.88.98.255,   192.88.99.0, 192.88.99.255,   192.88.100.0",
    "192.167.255.255, 192.168.0.0, 192.168.255.255, 192.169.0.0",
    "198.17.255.255,  198.18.0.0,  198.19.255.255,  198.20.0.0",
    "198.51.99.255,   198.51.100.0, 198.51.100.255, 198.51.101.0",
    "203.0.112.255,   203.0.113.0, 203.0.113.255,   203.0.114.0",
    "223.255.255.255, 224.0.0.0,   255.255.255.255,",
    ",                ::,          1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2000::",
    "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2001::, 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff,"
        + " 2001:200::",
    "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db8::,"
        + " 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db9::",
    "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff::, 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff,"
        + " 3fff:1000::",
    "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 4000::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,"
  })
  void blocksEndWhereTheRegistriesSay(String before, String first, String last, String after)
      throws UnknownHostException {
    assertThat(List.of(isPublic(first), isPublic(last))).containsOnly(false);
    for (String neighbour : Stream.of(before, after).filter(Objects::nonNull).toList()) {
      assertThat(isPublic(neighbour)).as(neighbour).isTrue();
    }
  }

  /** An address of one version whose bytes begin as a block of the other. */
  @Test
  void versionsAreNotConfused() throws UnknownHostException {
    assertThat(isPublic("32.1.13.184")).isTrue(); // 2001:db8
    assertThat(isPublic("32.2.10.0")).isTrue(); // 2002:a00, as 6to4 of 10.0.0.0
  }

  private static boolean isPublic(String address) throws UnknownHostException {
    return PublicAddress.is(InetAddress.getByName(address));
  }
}
