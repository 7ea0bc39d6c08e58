#include "k8s_client/decode/names.h"

#include <catch2/catch.hpp>
#include <string>

namespace selvage::k8s_client {

TEST_CASE("DNS labels") {
  for (const char* good : {"a", "web-0", "0", "a--b"}) CHECK(is_dns_label(good));
  for (const char* bad : {"", "-a", "a-", "A", "a.b", "a_b", "\xc3\xa4"}) CHECK_FALSE(is_dns_label(bad));
  CHECK(is_dns_label(std::string(63, 'a')));
  CHECK_FALSE(is_dns_label(std::string(64, 'a')));
}

TEST_CASE("DNS subdomains") {
  for (const char* good : {"a", "a.b", "web-0.example.com"}) CHECK(is_dns_subdomain(good));
  for (const char* bad : {"", ".", "a.", ".a", "a..b", "a.-b", "A.b"}) CHECK_FALSE(is_dns_subdomain(bad));
  CHECK(is_dns_subdomain(std::string(253, 'a')));
  CHECK_FALSE(is_dns_subdomain(std::string(254, 'a')));
}

TEST_CASE("label keys and values") {
  for (const char* good : {"app", "a.b/c", "App_1.x-y", "kubernetes.io/metadata.name"}) CHECK(is_label_key(good));
  for (const char* bad : {"", "/a", "a/", "a/b/c", "A/b", "-a", "a b", "a\n"}) CHECK_FALSE(is_label_key(bad));
  for (const char* good : {"", "web", "V1.0_x-y"}) CHECK(is_label_value(good));
  for (const char* bad : {"-a", "a-", "a/b", "a b", "_"}) CHECK_FALSE(is_label_value(bad));
  CHECK(is_label_value(std::string(63, 'a')));
  CHECK_FALSE(is_label_value(std::string(64, 'a')));
  CHECK_FALSE(is_label_key("a/" + std::string(64, 'a')));
}

TEST_CASE("port names") {
  for (const char* good : {"http", "h2", "8x", "a-b-c", "abcdefghijklmno"}) CHECK(is_port_name(good));
  for (const char* bad : {"", "80", "8-0", "a--b", "-a", "a-", "HTTP", "abcdefghijklmnop"})
    CHECK_FALSE(is_port_name(bad));
}

}  // namespace selvage::k8s_client
