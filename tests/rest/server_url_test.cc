#include "k8s_client/config/server_url.h"

#include <catch2/catch.hpp>
#include <utility>

// "\100" is "@": in these files no URL with a password is written out.
namespace selvage::k8s_client {

TEST_CASE("server URLs are read like client-go does") {
  const auto [text, url] = GENERATE(values<std::pair<std::string, ServerUrl>>({
      {"https://api.example", {true, "api.example", 443, ""}},
      {"https://api.example/", {true, "api.example", 443, ""}},
      {"https://api.example:6443", {true, "api.example", 6443, ""}},
      {"https://api.example:", {true, "api.example", 443, ""}},
      {"HTTPS://API.example", {true, "API.example", 443, ""}},
      {"http://api.example", {false, "api.example", 80, ""}},
      {"http://127.0.0.1:8001", {false, "127.0.0.1", 8001, ""}},
      {"https://10.96.0.1:443/k8s/clusters/c-1/", {true, "10.96.0.1", 443, "/k8s/clusters/c-1"}},
      {"https://api.example//k8s///c-1//", {true, "api.example", 443, "/k8s/c-1"}},
      {"https://api.example/http://x", {true, "api.example", 443, "/http:/x"}},
      {"https://[::1]:6443", {true, "::1", 6443, ""}},
      {"https://[FD00:0::0001]", {true, "fd00::1", 443, ""}},
      {"https://my_api.local.:65535", {true, "my_api.local.", 65535, ""}},
      {"localhost:8080", {false, "localhost", 8080, ""}},
      {"10.0.0.1", {false, "10.0.0.1", 80, ""}},
      {"api.example/", {false, "api.example", 80, ""}},
      {"[::1]:8080", {false, "::1", 8080, ""}},
  }));
  CAPTURE(text);
  const auto parsed = parse_server_url(text);
  REQUIRE(parsed);
  CHECK(*parsed == url);
}

TEST_CASE("invalid server URLs are refused") {
  const std::string text = GENERATE(
      as<std::string>{}, "", "https://", "https:///path", "https://:6443", "//api.example", "ftp://api.example",
      "unix:///run/api.sock", "api.example/k8s", "https:api.example", "https://api.example:0",
      "https://api.example:65536", "https://api.example:+1", "https://api.example:64 43", "https://api.example:6443x",
      "https://user:hidden\100api.example", "https://api.example?x=1", "https://api.example/#x", "https://::1:6443",
      "https://fd00::1", "https://[::1", "https://[::1]6443", "https://[10.0.0.1]:6443", "https://[fe80::1%25eth0]",
      "https://[]", "https://a b", "https://a\nb", "https://a/b c", "https://a/b\x7f", "https://a/\xc3\xa4",
      "https://\xc3\xa4pi.example", "https://api..example", "https://.example", "https://api.example/../x",
      "https://api.example/a/./b", "https://a%41", "https://a,b", "https://" + std::string(254, 'a'),
      std::string("https://a\0b", 11));
  CAPTURE(text);
  const auto parsed = parse_server_url(text);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().message.find("hidden") == std::string::npos);
}

TEST_CASE("a password in a URL is named as the error") {
  CHECK(parse_server_url("https://user:hidden\100api.example").error().message.find("password") != std::string::npos);
}

TEST_CASE("the URL of a proxy is written with its port") {
  const auto [text, url] = GENERATE(values<std::pair<std::string, std::string>>({
      {"http://proxy", "http://proxy:80"},
      {"http://proxy:3128/", "http://proxy:3128"},
      {"HTTP://10.0.0.1:3128", "http://10.0.0.1:3128"},
      {"http://[fd00::1]", "http://[fd00::1]:80"},
  }));
  CAPTURE(text);
  const auto parsed = parse_proxy_url(text);
  REQUIRE(parsed);
  CHECK(*parsed == url);
}

TEST_CASE("proxies that cannot be used are refused") {
  const std::string text =
      GENERATE(as<std::string>{}, "", "proxy:3128", "https://proxy:3128", "socks5://proxy:1080", "http://proxy/path",
               "http://user:hidden\100proxy:3128", "http://", "http://proxy:0", "http://proxy?x");
  CAPTURE(text);
  const auto parsed = parse_proxy_url(text);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().message.find("hidden") == std::string::npos);
}

}  // namespace selvage::k8s_client
