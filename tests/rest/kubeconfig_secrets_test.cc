// Whatever is wrong, and wherever a secret ended up, no error repeats it.
#include <catch2/catch.hpp>

#include "tests/rest/kubeconfig_fixture.h"

namespace selvage::k8s_client {
namespace {

/// Where "5ecre7" or 5770123 stands in these tests, a secret might stand.
bool leaks(const Result<ApiConfig>& config) {
  return !config && (contains(config.error().message, "5ecre7") || contains(config.error().message, "5770123"));
}

}  // namespace

TEST_CASE("no error repeats a secret") {
  const std::string user = GENERATE(
      as<std::string>{}, "token: 5ecre7", "token: 5770123", "client-key-data: 5770123", "exec: {command: 5770123}",
      "password: 5770123", "tokenFile: 5770123", "auth-provider: 5770123", "as-groups: 5770123",
      "token: '5ecre7 with space'", "token: \"5ecre7\\n\"", "token: [5ecre7]", "token: {5ecre7: 5ecre7}",
      "token: 5ecre7, token: 5ecre7", "token: *5ecre7", "token: \"\\q5ecre7\"", "token: \"5ecre7", "token: !5ecre7 [x",
      "token: \"\\x5ecre7zz\"", "token: @5ecre7", "token: |5ecre7", "password: 5ecre7", "username: 5ecre7",
      "password: [5ecre7]", "password: 5.0, username: 5ecre7", "client-key-data: 5ecre7", "client-key-data: '!5ecre7'",
      "client-key-data: [5ecre7]", "client-certificate-data: '-----BEGIN 5ecre7'", "tokenFile: [5ecre7]",
      "client-key: {a: 5ecre7}", "exec: {command: x, args: [5ecre7], env: [{name: a, value: 5ecre7}]}",
      "exec: {command: [5ecre7]}", "exec: 5ecre7", "exec: {command: \"a\\n5ecre7\"}",
      "auth-provider: {name: x, config: {id-token: 5ecre7}}", "auth-provider: 5ecre7", "as: 5ecre7",
      "as-groups: 5ecre7", "<<: {token: 5ecre7}");
  const Folder folder;
  CAPTURE(user);
  const auto config = folder.read(kubeconfig(kServer, user));
  CHECK_FALSE(leaks(config));
  // A token that is good as such, and then something else is wrong.
  const auto beside = folder.read(kubeconfig("server: 'http://a'", "token: s5ecre7"));
  REQUIRE_FALSE(beside);
  CHECK_FALSE(leaks(beside));
}

TEST_CASE("no error quotes a value in the wrong place") {
  const std::string text = GENERATE(
      as<std::string>{}, "5ecre7", "- 5ecre7", "users: 5770123", "kind: 5770123", "users: [{name: 5770123}]",
      "users: [{name: a, user: 5770123}]", "contexts: [5770123]", "current-context: 5770123",
      "clusters: [{name: a, cluster: {server: 'https://h', insecure-skip-tls-verify: 5ecre7}}]", "users: 5ecre7",
      "users: [5ecre7]", "users: [{name: a, user: 5ecre7}]", "users: [{name: [5ecre7]}]", "clusters: 5ecre7",
      "contexts: [5ecre7]", "kind: 5ecre7", "apiVersion: 5ecre7", "current-context: [5ecre7]",
      "%YAML 5ecre7\n---\na: b\n", "a: *5ecre7", "users: [{name: a, user: [5ecre7]}]",
      "clusters: [{name: a, cluster: 5ecre7}]", "clusters: [{name: a, cluster: {server: 'https://u:5ecre7\100h'}}]",
      "clusters: [{name: a, cluster: {server: 'https://h', proxy-url: 'http://u:5ecre7\100h'}}]",
      "clusters: [{name: a, cluster: {server: [5ecre7]}}]");
  const std::string contexts = "\ncontexts: [{name: x, context: {cluster: a, user: a}}]\ncurrent-context: x\n";
  CAPTURE(text);
  for (const std::string& whole : {text, text + contexts}) {
    const auto config = Folder().read(whole);
    REQUIRE_FALSE(config);
    CHECK_FALSE(leaks(config));
  }
}

TEST_CASE("no error quotes a file's contents") {
  const std::string user =
      GENERATE("tokenFile: secret", "client-certificate: secret, client-key: key.pem",
               "client-certificate: cert.pem, client-key: secret", "client-certificate: cert.pem, client-key: broken");
  const Folder folder;
  folder.write("secret", "two 5ecre7\nwords");
  folder.write("broken", "-----BEGIN PRIVATE KEY-----\n5ecre7==\n-----END PRIVATE KEY-----\n");
  CAPTURE(user);
  const auto config = folder.read(kubeconfig(kServer, user));
  REQUIRE_FALSE(config);
  CHECK_FALSE(leaks(config));
}

}  // namespace selvage::k8s_client
