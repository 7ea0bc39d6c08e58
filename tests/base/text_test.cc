#include <catch2/catch.hpp>
#include <cerrno>
#include <string>

#include "base/ip_protocol.h"
#include "base/name_hash.h"
#include "base/result.h"
#include "base/utf8.h"

namespace selvage {
namespace {

TEST_CASE("a name is the first 80 bits of SHA-256 in base32") {
  // printf abc | sha256sum | head -c20 | xxd -r -p | base32
  CHECK(name_hash("") == "4oymiquy7qobjgx3");
  CHECK(name_hash("abc") == "xj4bnp4pahh6uqkb");
  CHECK(name_hash(std::string(200, 'x')) == "viqmeprsagbuaudh");
}

TEST_CASE("the length of a well-formed UTF-8 character") {
  const auto [text, length] = GENERATE(table<std::string, std::size_t>({{"a", 1},
                                                                        {std::string(1, '\0'), 1},
                                                                        {"\x7f", 1},
                                                                        {"\xc2\x80", 2},
                                                                        {"\xdf\xbf", 2},
                                                                        {"\xe0\xa0\x80", 3},
                                                                        {"\xed\x9f\xbf", 3},
                                                                        {"\xef\xbf\xbf", 3},
                                                                        {"\xf0\x90\x80\x80", 4},
                                                                        {"\xf4\x8f\xbf\xbf", 4}}));
  CHECK(utf8_length(text) == length);
  CHECK(utf8_length(text + "more") == length);
  for (std::size_t cut = 0; cut < text.size(); ++cut) CHECK(utf8_length(text.substr(0, cut)) == 0);
}

TEST_CASE("what is no character has the length 0") {
  const auto text =
      GENERATE(as<std::string>(), "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2\x7f", "\xe0\x9f\xbf", "\xed\xa0\x80",
               "\xef\xbf\x7f", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff");
  CHECK(utf8_length(text) == 0);
}

TEST_CASE("control characters are C0, DEL and C1") {
  for (const char* character : {"\x01", "\n", "\x1f", "\x7f", "\xc2\x80", "\xc2\x9f"}) CHECK(is_control(character));
  CHECK(is_control(std::string(1, '\0')));
  for (const char* character : {" ", "~", "\xc2\xa0", "\xc3\x80", "\xe2\x80\xa8"}) CHECK_FALSE(is_control(character));
}

TEST_CASE("an error names its context and keeps the errno") {
  const Result<int> failed = fail_errno("open /etc/x", ENOENT);
  REQUIRE_FALSE(failed);
  CHECK(failed.error() == Error{"open /etc/x: No such file or directory", ENOENT});
  const Result<int> above = fail("config", failed.error());
  CHECK(above.error() == Error{"config: open /etc/x: No such file or directory", ENOENT});
}

TEST_CASE("TCP, UDP and SCTP have ports, nothing else does") {
  for (unsigned number = 0; number < 256; ++number) {
    const bool expected = number == 6 || number == 17 || number == 132;
    CHECK(ip_protocol::has_ports(static_cast<std::uint8_t>(number)) == expected);
    CHECK(ip_protocol::is_icmp(static_cast<std::uint8_t>(number)) == (number == 1 || number == 58));
  }
}

}  // namespace
}  // namespace selvage
