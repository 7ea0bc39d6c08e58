#include <catch2/catch.hpp>
#include <utility>

#include "k8s_client/config/base64.h"
#include "tests/rest/kubeconfig_keys.h"

namespace selvage::k8s_client {

TEST_CASE("base64 is decoded as Go's StdEncoding decodes it") {
  const auto [text, bytes] = GENERATE(values<std::pair<std::string, std::string>>({
      {"", ""},
      {"TWFu", "Man"},
      {"TWE=", "Ma"},
      {"TQ==", "M"},
      {"TR==", "M"},
      {"TWFuTWE=", "ManMa"},
      {"T\nW\r\nFu\n", "Man"},
      {"TQ=\n=\n", "M"},
      {"+/+/", "\xfb\xff\xbf"},
      {"\n", ""},
  }));
  CAPTURE(text);
  CHECK(decode_base64(text) == bytes);
}

TEST_CASE("what is not base64 is not decoded") {
  const std::string text =
      GENERATE(as<std::string>{}, "T", "TW", "TWF", "TQ", "TQ=", "T===", "====", "=", "TQ==TQ==", "TWE=x",
               "TWFu=", "TW=u", "TW Fu", "TWFu ", "TW-_", "TW\tFu", "TWF\xc3\xa4", std::string("TWF\0", 4));
  CAPTURE(text);
  CHECK(decode_base64(text) == std::nullopt);
}

TEST_CASE("what OpenSSL encodes is decoded") {
  std::string bytes;
  for (int size = 0; size < 70; ++size) {
    CHECK(decode_base64(base64(bytes)) == bytes);
    bytes += static_cast<char>(size * 37 + 200);
  }
}

}  // namespace selvage::k8s_client
