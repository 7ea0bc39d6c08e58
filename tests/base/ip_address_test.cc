#include "base/ip_address.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace selvage {
namespace {

IpAddress address(const std::string& text) { return IpAddress::parse(text).value(); }
IpPrefix prefix(const std::string& text) { return IpPrefix::parse(text).value(); }

TEST_CASE("addresses are read and written in their canonical form") {
  CHECK(address("10.0.0.1").to_string() == "10.0.0.1");
  CHECK(address("2001:DB8:0:0::1").to_string() == "2001:db8::1");
  CHECK(address("::ffff:10.0.0.1").family() == IpFamily::v6);
  CHECK(IpAddress().to_string() == "0.0.0.0");
}

TEST_CASE("a text that is no address is an error that quotes it") {
  const auto text = GENERATE(as<std::string>(), "", "10.0.0", "10.0.0.1/24", "010.0.0.1", "10.0.0.1 ", "fe80::1%eth0",
                             "1:2:3", std::string("10.0.0.1\0", 9));
  const auto parsed = IpAddress::parse(text);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().message == "\"" + text + "\" is not an IP address");
}

TEST_CASE("an address has its bytes in network order") {
  CHECK(address("10.1.2.3").key() == std::string("\x0a\1\2\3", 4));
  CHECK(address("fd00::1").key() == std::string("\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16));
  CHECK(IpAddress::from_bytes(IpFamily::v4, "\x0a\1\2\3") == address("10.1.2.3"));
}

TEST_CASE("addresses are ordered by family, then numerically") {
  const std::vector<std::string> ascending = {"0.0.0.0", "9.255.255.255", "10.0.0.0", "255.255.255.255", "::", "1::"};
  for (std::size_t i = 1; i < ascending.size(); ++i) CHECK(address(ascending[i - 1]) < address(ascending[i]));
}

TEST_CASE("next and previous carry over bytes and wrap at the ends") {
  CHECK(address("10.0.0.255").next() == address("10.0.1.0"));
  CHECK(address("10.0.1.0").previous() == address("10.0.0.255"));
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    CHECK(IpAddress::highest(family).next() == IpAddress::zero(family));
    CHECK(IpAddress::zero(family).previous() == IpAddress::highest(family));
  }
}

TEST_CASE("host bits of a block are cleared") {
  CHECK(prefix("10.0.0.7/29").to_string() == "10.0.0.0/29");
  CHECK(prefix("10.0.0.7/29").last() == address("10.0.0.7"));
  CHECK(prefix("fd00::ffff/112").to_string() == "fd00::/112");
  CHECK(prefix("10.1.2.3/0").last() == address("255.255.255.255"));
  CHECK(prefix("10.1.2.3/32").first() == prefix("10.1.2.3/32").last());
}

TEST_CASE("a block contains what its bits say, of its own family") {
  CHECK(prefix("10.0.0.0/9").contains(address("10.127.255.255")));
  CHECK_FALSE(prefix("10.0.0.0/9").contains(address("10.128.0.0")));
  CHECK_FALSE(prefix("0.0.0.0/0").contains(address("::")));
  CHECK(prefix("10.0.0.0/8").contains(prefix("10.1.0.0/16")));
  CHECK(prefix("10.0.0.0/8").contains(prefix("10.0.0.0/8")));
  CHECK_FALSE(prefix("10.1.0.0/16").contains(prefix("10.0.0.0/8")));
}

TEST_CASE("a text that is no block is an error") {
  const auto text = GENERATE(as<std::string>(), "", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08",
                             "10.0.0.0/-1", "10.0.0.0/8 ", "fd00::/129", "10.0.0/8", "/8");
  const auto parsed = IpPrefix::parse(text);
  REQUIRE_FALSE(parsed);
  CHECK_THAT(parsed.error().message, Catch::StartsWith("\"" + text + "\" is not a CIDR block: "));
}

}  // namespace
}  // namespace selvage
