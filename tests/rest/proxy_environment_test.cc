#include "k8s_client/config/proxy_environment.h"

#include <catch2/catch.hpp>

#include "tests/rest/kubeconfig_fixture.h"

namespace selvage::k8s_client {
namespace {

struct Case {
  std::string no_proxy;
  std::string host;
  bool direct;
};

}  // namespace

TEST_CASE("NO_PROXY is read like Go's httpproxy does") {
  const auto test = GENERATE(values<Case>({
      {"", "api.example", false},
      {"", "localhost", true},
      {"", "127.0.0.1", true},
      {"", "127.9.9.9", true},
      {"", "::1", true},
      {"", "::ffff:127.0.0.1", true},
      {"", "128.0.0.1", false},
      {"*", "api.example", true},
      {"other, * ", "10.0.0.1", true},
      {"example.com", "example.com", true},
      {"example.com", "api.example.com", true},
      {"example.com", "myexample.com", false},
      {"example.com", "example.com.org", false},
      {"Example.COM", "api.EXAMPLE.com", true},
      {".example.com", "example.com", false},
      {".example.com", "api.example.com", true},
      {"*.example.com", "example.com", false},
      {"*.example.com", "api.example.com", true},
      {"example.com:6443", "example.com", true},
      {"example.com:443", "example.com", false},
      {"example.com:", "example.com", true},
      {":6443", "example.com", false},
      {"10.0.0.1", "10.0.0.1", true},
      {"10.0.0.1", "10.0.0.2", false},
      {"10.0.0.1:6443", "10.0.0.1", true},
      {"10.0.0.1:443", "10.0.0.1", false},
      {"10.0.0.0/8", "10.9.9.9", true},
      {"10.0.0.0/8", "11.0.0.1", false},
      {"10.0.0.0/33", "10.0.0.1", false},
      {"0.1", "10.0.0.1", false},
      {"fd00::/8", "fd12::1", true},
      {"fd00::1", "fd00:0::1", true},
      {"[fd00::1]:6443", "fd00::1", true},
      {"[fd00::1]:443", "fd00::1", false},
      {"[fd00::1]", "fd00::1", false},
      {"::ffff:10.0.0.1", "10.0.0.1", true},
      {"a, ,b,,10.0.0.0/8 ,", "10.0.0.1", true},
      {"svc,.cluster.local", "kubernetes.default.svc", true},
  }));
  CAPTURE(test.no_proxy, test.host);
  CHECK(is_reached_directly(test.no_proxy, test.host, 6443) == test.direct);
}

TEST_CASE("the proxy comes from the variable of the scheme, capitals first") {
  using Variables = std::map<std::string, std::string>;
  const auto [tls, variables, expected] = GENERATE(values<std::tuple<bool, Variables, std::string>>({
      {true, {}, ""},
      {true, {{"HTTPS_PROXY", "http://p:1"}}, "http://p:1"},
      {true, {{"https_proxy", "http://p:1"}}, "http://p:1"},
      {true, {{"HTTPS_PROXY", "http://p:1"}, {"https_proxy", "http://q:1"}}, "http://p:1"},
      {true, {{"HTTPS_PROXY", ""}, {"https_proxy", "http://q:1"}}, "http://q:1"},
      {true, {{"HTTPS_PROXY", "p:1"}}, "http://p:1"},
      {true, {{"HTTPS_PROXY", "p"}}, "http://p:80"},
      {true, {{"HTTP_PROXY", "http://p:1"}}, ""},
      {true, {{"ALL_PROXY", "http://p:1"}}, ""},
      {false, {{"HTTP_PROXY", "http://p:1"}, {"HTTPS_PROXY", "http://q:1"}}, "http://p:1"},
      {false, {{"http_proxy", "http://p:1"}}, "http://p:1"},
      {true, {{"HTTPS_PROXY", "http://p:1"}, {"NO_PROXY", "api.example"}}, ""},
      {true, {{"HTTPS_PROXY", "http://p:1"}, {"no_proxy", "api.example"}}, ""},
      {true, {{"HTTPS_PROXY", "http://p:1"}, {"NO_PROXY", "x"}, {"no_proxy", "api.example"}}, "http://p:1"},
      {true, {{"HTTPS_PROXY", "socks5://p:1"}, {"NO_PROXY", "api.example"}}, ""},
  }));
  CAPTURE(tls, variables);
  const auto proxy = proxy_from_environment(environment_of(variables), tls, "api.example", 6443);
  REQUIRE(proxy);
  CHECK(*proxy == expected);
}

TEST_CASE("a proxy of the environment that cannot be used is an error that names its variable") {
  const std::string value = GENERATE("https://p:1", "socks5://p:1", "http://u:hidden\100p:1", "http://", "p:x", "a b");
  CAPTURE(value);
  const auto proxy = proxy_from_environment(environment_of({{"https_proxy", value}}), true, "api.example", 6443);
  REQUIRE_FALSE(proxy);
  CHECK(contains(proxy.error().message, "https_proxy"));
  CHECK_FALSE(contains(proxy.error().message, "hidden"));
}

}  // namespace selvage::k8s_client
