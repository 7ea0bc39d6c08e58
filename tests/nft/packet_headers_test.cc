#include "host/packet_headers.h"

#include <netinet/in.h>

#include <catch2/catch.hpp>
#include <random>

#include "tests/nft/raw_packets.h"

namespace selvage::host {
namespace {

std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

std::optional<PacketHeaders> decoded(const std::string& packet) { return decode_headers(bytes_of(packet)); }

/// An extension header of `size` bytes (a multiple of eight) before `next`.
std::string extension(std::uint8_t next, std::size_t size) {
  std::string bytes(size, '\0');
  bytes[0] = static_cast<char>(next);
  bytes[1] = static_cast<char>(size / 8 - 1);
  return bytes;
}

std::string fragment_header(std::uint8_t next, unsigned offset) {
  return std::string{static_cast<char>(next), '\x7f'} + net16(offset << 3U | 1U) + "id42";
}

/// RFC 4302, with an integrity value of 12 bytes: 24 bytes in all.
std::string authentication(std::uint8_t next) {
  return std::string{static_cast<char>(next), 4} + std::string(22, '\0');
}

const std::string kPorts = net16(40000) + net16(8080) + std::string(8, '\0');

}  // namespace

TEST_CASE("addresses, protocol, ports and length of IPv4 packets") {
  const int protocol = GENERATE(6, 17, 132);
  const auto headers = decoded(ipv4_packet("10.0.0.1", "10.0.0.2", protocol, kPorts));
  REQUIRE(headers);
  CHECK(headers->source.to_string() == "10.0.0.1");
  CHECK(headers->destination.to_string() == "10.0.0.2");
  CHECK(headers->protocol == protocol);
  CHECK(headers->source_port == 40000);
  CHECK(headers->destination_port == 8080);
  CHECK_FALSE(headers->icmp_type);
  CHECK(headers->length == 20 + kPorts.size());
}

TEST_CASE("IPv4 options are skipped") {
  std::string packet = ipv4_packet("10.0.0.1", "10.0.0.2", IPPROTO_UDP, std::string(8, '\x01') + kPorts);
  packet[0] = '\x47';
  CHECK(decoded(packet)->destination_port == 8080);
}

TEST_CASE("a later fragment has no ports, the first one has") {
  std::string packet = ipv4_packet("10.0.0.1", "10.0.0.2", IPPROTO_UDP, kPorts);
  packet.replace(6, 2, net16(0x2000));  // more fragments, offset 0
  CHECK(decoded(packet)->destination_port == 8080);
  packet.replace(6, 2, net16(0x2001));
  CHECK(decoded(packet)->protocol == IPPROTO_UDP);
  CHECK_FALSE(decoded(packet)->destination_port);
  CHECK(decoded(ipv6_packet("fd00::1", "fd00::2", IPPROTO_FRAGMENT, fragment_header(IPPROTO_UDP, 0) + kPorts))
            ->destination_port == 8080);
  const auto later =
      decoded(ipv6_packet("fd00::1", "fd00::2", IPPROTO_FRAGMENT, fragment_header(IPPROTO_UDP, 3) + kPorts));
  CHECK(later->protocol == IPPROTO_UDP);
  CHECK_FALSE(later->destination_port);
}

TEST_CASE("ICMP and ICMPv6 have a type and no ports") {
  const auto four = decoded(ipv4_packet("10.0.0.1", "10.0.0.2", IPPROTO_ICMP, std::string("\x08\0\0\0", 4)));
  CHECK(four->icmp_type == 8);
  CHECK_FALSE(four->destination_port);
  const auto six = decoded(ipv6_packet("fd00::1", "fd00::2", IPPROTO_ICMPV6, std::string("\x80\0\0\0", 4)));
  CHECK(six->icmp_type == 128);
}

TEST_CASE("a protocol without ports has none") {
  const auto headers = decoded(ipv4_packet("10.0.0.1", "10.0.0.2", IPPROTO_ESP, kPorts));
  CHECK(headers->protocol == IPPROTO_ESP);
  CHECK_FALSE(headers->source_port);
  CHECK_FALSE(headers->icmp_type);
}

TEST_CASE("the IPv6 extension headers that nftables skips are skipped") {
  const std::string packet =
      ipv6_packet("fd00::1", "fd00::2", IPPROTO_HOPOPTS,
                  extension(IPPROTO_ROUTING, 8) + extension(IPPROTO_AH, 16) + authentication(IPPROTO_DSTOPTS) +
                      extension(IPPROTO_FRAGMENT, 24) + fragment_header(IPPROTO_TCP, 0) + kPorts);
  const auto headers = decoded(packet);
  REQUIRE(headers);
  CHECK(headers->source.to_string() == "fd00::1");
  CHECK(headers->protocol == IPPROTO_TCP);
  CHECK(headers->destination_port == 8080);
  CHECK(headers->length == packet.size());
}

TEST_CASE("fields that are cut off are empty; addresses are required") {
  const std::string six = ipv6_packet("fd00::1", "fd00::2", IPPROTO_HOPOPTS, extension(IPPROTO_TCP, 16) + kPorts);
  CHECK_FALSE(decoded(six.substr(0, 39)));
  CHECK(decoded(six.substr(0, 41))->protocol == IPPROTO_HOPOPTS);
  CHECK(decoded(six.substr(0, 56))->protocol == IPPROTO_TCP);
  CHECK_FALSE(decoded(six.substr(0, 59))->destination_port);
  CHECK(decoded(six.substr(0, 60))->destination_port == 8080);
  CHECK(decoded(six.substr(0, 60))->length == six.size());
  const std::string four = ipv4_packet("10.0.0.1", "10.0.0.2", IPPROTO_TCP, kPorts);
  CHECK_FALSE(decoded(four.substr(0, 19)));
  CHECK_FALSE(decoded(four.substr(0, 23))->destination_port);
  CHECK_FALSE(decoded(""));
  CHECK_FALSE(decoded(std::string(64, '\x55')));  // version 5
  CHECK_FALSE(decoded("\x44" + four.substr(1)));  // a header of 16 bytes
}

TEST_CASE("the decoder of packets accepts any bytes") {
  std::mt19937 random(7);  // NOLINT: the same bytes in every run
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::uint8_t> bytes(random() % 130);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : random() % 64);
    if (!bytes.empty()) bytes[0] = random() % 2 == 0 ? 0x45 : 0x60;
    (void)decode_headers(bytes);
  }
  SUCCEED("all came back");
}

}  // namespace selvage::host
