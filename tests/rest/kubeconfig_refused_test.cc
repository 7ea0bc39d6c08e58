// What is refused, and what the error names.
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "tests/rest/kubeconfig_fixture.h"

namespace selvage::k8s_client {
namespace {

const std::string kCluster = "clusters[0].cluster";
const std::string kUser = "users[0].user";

/// Lines in the cluster or the user, and the field that is complained about.
struct Case {
  std::string lines;
  std::string field;
};

std::string error_of(const Folder& folder, const std::string& text, const std::string& context = "") {
  const auto config = folder.read(text, context);
  CAPTURE(text);
  REQUIRE_FALSE(config);
  return config.error().message;
}

/// The message names the file, this line and this field.
void check_names(const Folder& folder, const std::string& message, int line, const std::string& field) {
  CAPTURE(message);
  CHECK(contains(message, folder.path("config") + ":" + std::to_string(line) + ": " + field));
  CHECK(message.find('\n') == std::string::npos);
}

}  // namespace

TEST_CASE("errors in a cluster name file, line and field") {
  const std::string https = std::string(kServer) + ", ";
  const std::string data = "certificate-authority-data: ";
  const auto test = GENERATE_COPY(values<Case>({
      {"", "server"},
      {"server: ''", "server"},
      {"server: 8080", "server"},
      {"server: [a]", "server"},
      {"server: 'ftp://a'", "server"},
      {"server: 'https://user:pw\100a'", "server"},
      {"server: a, certificate-authority: ca.pem", "server"},
      {"server: 'http://a', certificate-authority: ca.pem", "server"},
      {"server: 'http://a', tls-server-name: b", "server"},
      {"server: 'http://a', insecure-skip-tls-verify: true", "server"},
      {https + "insecure-skip-tls-verify: 'true'", "insecure-skip-tls-verify"},
      {https + "insecure-skip-tls-verify: 1", "insecure-skip-tls-verify"},
      {https + "insecure-skip-tls-verify: true, certificate-authority: ca.pem", "insecure-skip-tls-verify"},
      {https + "insecure-skip-tls-verify: true, " + data + base64(first_pair().certificate),
       "insecure-skip-tls-verify"},
      {https + "certificate-authority: nowhere.pem", "certificate-authority"},
      {https + "certificate-authority: empty", "certificate-authority"},
      {https + "certificate-authority: key.pem", "certificate-authority"},
      {https + "certificate-authority: .", "certificate-authority"},
      {https + "certificate-authority: {}", "certificate-authority"},
      {https + "certificate-authority: \"ca.pem\\0\"", "certificate-authority"},
      {https + data + "'not base64!'", "certificate-authority-data"},
      {https + data + "12", "certificate-authority-data"},
      {https + data + base64("no PEM"), "certificate-authority-data"},
      {https + data +
           base64(first_pair().certificate + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
       "certificate-authority-data"},
      {https + "tls-server-name: 'a b'", "tls-server-name"},
      {https + "proxy-url: 'socks5://p:1'", "proxy-url"},
      {https + "proxy-url: 'p:1'", "proxy-url"},
      {https + "disable-compression: 'yes'", "disable-compression"},
      {"server: a, server: b", "server"},
      {"<<: {server: a}", "<<"},
  }));
  const Folder folder;
  check_names(folder, error_of(folder, kubeconfig(test.lines, "")), 5, kCluster + "." + test.field);
}

TEST_CASE("errors in a user name file, line and field") {
  const auto test = GENERATE(values<Case>({
      {"exec: {apiVersion: client.authentication.k8s.io/v1, command: aws}", "exec"},
      {"exec: {}", "exec"},
      {"exec: text", "exec"},
      {"auth-provider: {name: gcp}", "auth-provider"},
      {"auth-provider: {}", "auth-provider"},
      {"username: admin", "username"},
      {"username: '', password: pw", "password"},
      {"as: admin", "as"},
      {"as-uid: '1'", "as-uid"},
      {"as-groups: [a]", "as-groups"},
      {"as-user-extra: {a: [b]}", "as-user-extra"},
      {"token: 123456", "token"},
      {"token: true", "token"},
      {"token: [a]", "token"},
      {"token: {a: b}", "token"},
      {"token: 'two words'", "token"},
      {"token: \"a\\r\\nX-Injected: b\"", "token"},
      {"token: \"a\\0b\"", "token"},
      {"token: \"\\u00e4\"", "token"},
      {"tokenFile: nowhere", "tokenFile"},
      {"tokenFile: empty", "tokenFile"},
      {"tokenFile: .", "tokenFile"},
      {"tokenFile: 1", "tokenFile"},
      {"tokenFile: key.pem", "tokenFile"},
      {"token: a, token: b", "token"},
      {"client-certificate: cert.pem", "client-certificate"},
      {"client-key: key.pem", "client-key"},
      {"client-certificate: nowhere.pem, client-key: key.pem", "client-certificate"},
      {"client-certificate: key.pem, client-key: key.pem", "client-certificate"},
      {"client-certificate: cert.pem, client-key: nowhere.pem", "client-key"},
      {"client-certificate: cert.pem, client-key: cert.pem", "client-key"},
      {"client-certificate: cert.pem, client-key: other-key.pem", "client-key"},
      {"client-certificate: cert.pem, client-key-data: '!'", "client-key-data"},
  }));
  const Folder folder;
  check_names(folder, error_of(folder, kubeconfig(kServer, test.lines)), 8, kUser + "." + test.field);
}

TEST_CASE("an exec plugin is named, with an alternative") {
  const std::string message = error_of(Folder(), kubeconfig(kServer, "exec: {command: aws-iam-authenticator}"));
  CHECK(contains(message, "aws-iam-authenticator"));
  CHECK(contains(message, "token"));
}

TEST_CASE("a key that belongs to another certificate: both files are named") {
  const Folder folder;
  const std::string message =
      error_of(folder, kubeconfig(kServer, "client-certificate: cert.pem, client-key: other-key.pem"));
  CHECK(contains(message, folder.path("cert.pem")));
  CHECK(contains(message, folder.path("other-key.pem")));
}

TEST_CASE("a file without a key is named") {
  const std::string message =
      error_of(Folder(), kubeconfig(kServer, "client-certificate: cert.pem, client-key: cert.pem"));
  CHECK(contains(message, "no private key"));
}

TEST_CASE("a key with a pass phrase is refused, without asking for it") {
  const Folder folder;
  folder.write("key.pem", first_pair().encrypted_key);
  const std::string message =
      error_of(folder, kubeconfig(kServer, "client-certificate: cert.pem, client-key: key.pem"));
  CHECK(contains(message, "pass phrase"));
  CHECK(contains(message, folder.path("key.pem")));
}

TEST_CASE("credentials are not sent over plain http") {
  const std::string user =
      GENERATE("token: t", "tokenFile: token", "client-certificate: cert.pem, client-key: key.pem");
  const std::string server = GENERATE("server: 'http://a'", "server: 'a:6443'");
  const Folder folder;
  check_names(folder, error_of(folder, kubeconfig(server, user)), 7, kUser);
}

TEST_CASE("the error of an unknown context lists the existing ones") {
  const Folder folder;
  const std::string lists =
      "clusters: [{name: c, cluster: {server: 'https://c'}}]\nusers: [{name: u, user: {}}]\n"
      "contexts: [{name: beta, context: {cluster: x}}, {name: alpha, context: {cluster: c, user: x}},\n"
      "  {name: none, context: {}}]\n";
  for (const auto& message : {error_of(folder, lists), error_of(folder, lists, "gamma"),
                              error_of(folder, lists + "current-context: gamma\n")}) {
    CHECK(contains(message, "\"alpha\", \"beta\", \"none\""));
    CHECK(contains(message, folder.path("config")));
  }
  check_names(folder, error_of(folder, lists, "beta"), 3, "contexts[0].context.cluster");
  check_names(folder, error_of(folder, lists, "alpha"), 3, "contexts[1].context.user");
  check_names(folder, error_of(folder, lists, "none"), 4, "contexts[2].context.cluster");
  CHECK(contains(error_of(folder, lists, "beta"), "\"c\""));
  CHECK(contains(error_of(folder, lists, "alpha"), "\"u\""));
}

TEST_CASE("a context whose user cannot be read is refused, not used without credentials") {
  const Folder folder;
  const auto [context, field] = GENERATE(values<std::pair<std::string, std::string>>({
      {"{cluster: c, user: [u]}", ".user"},
      {"{cluster: c, user: 1}", ".user"},
      {"{cluster: {}, user: u}", ".cluster"},
      {"text", ""},
  }));
  const std::string text =
      "clusters: [{name: c, cluster: {server: 'https://c'}}]\nusers: [{name: u, user: {}}]\n"
      "contexts: [{name: x, context: " +
      context + "}]\n";
  check_names(folder, error_of(folder, text, "x"), 3, "contexts[0].context" + field + ": expected");
}

TEST_CASE("a long list of contexts is cut, and so are long names") {
  std::string contexts = "contexts:\n";
  for (int i = 0; i < 3000; ++i) {
    contexts += "- name: n" + std::to_string(i) + std::string(500, 'x') + "\n";
  }
  const std::string message = error_of(Folder(), contexts, std::string(100'000, 'y') + "\n");
  CHECK(message.size() < 4000);
  CHECK(error_of(Folder(), contexts, "a\nb").find('\n') == std::string::npos);
}

TEST_CASE("a file that is not a kubeconfig is refused with its line") {
  const auto [text, line] = GENERATE(values<std::pair<std::string, int>>({
      {"just text", 1},
      {"- a\n- b", 1},
      {"\nkind: Pod\n", 2},
      {"apiVersion: v1\nkind: List\n", 2},
      {"apiVersion: v2\nkind: Config\n", 1},
      {"kind: 1\n", 1},
      {"clusters: {}\n", 1},
      {"users: text\n", 1},
      {"contexts:\n- text\n", 2},
      {"contexts:\n- name: [a]\n", 2},
      {"users:\n- name: a\n- name: a\n", 3},
      {"clusters:\n- name: a\n- name: b\n- name: a\n", 4},
      {"kind: Config\nusers: []\nusers: []\n", 3},
      {"kind: Config\nextensions:\n- a: {b: 1,\n  b: 2}\n", 4},
      {"current-context: [a]\n", 1},
      {"current-context: \"a\\nb\"\n", 1},
      {"a: [\n", 2},
      {"a: b\nc: \"d\n", 2},
      {"kind: Config\n---\nkind: Config\n", 3},
      {std::string("kind: Config\nusers: \0\n", 22), 2},
      {"kind: \xff\n", 1},
      {"kind: Config\ra: b\n", 1},
      {"a: &x [*x]\n", 1},
      {std::string(5000, '['), 1},
  }));
  const Folder folder;
  CAPTURE(text);
  const std::string message = error_of(folder, text);
  CAPTURE(message);
  CHECK(contains(message, folder.path("config") + ":" + std::to_string(line) + ": "));
}

TEST_CASE("the error of a file that cannot be read has the reason") {
  const Folder folder;
  const auto error_at = [&](const std::string& name) { return read_kubeconfig({folder.path(name)}, "").error(); };
  CHECK(error_at("nowhere").code == ENOENT);
  CHECK(contains(error_at("nowhere").message, folder.path("nowhere")));
  CHECK(error_at("token/x").code == ENOTDIR);
  folder.make_folder("sub");
  CHECK(contains(error_at("sub").message, "folder"));
  REQUIRE(mkfifo(folder.path("fifo").c_str(), 0600) == 0);
  CHECK(contains(error_at("fifo").message, folder.path("fifo") + " is not a regular file"));
  folder.link("loop", "loop");
  CHECK(error_at("loop").code == ELOOP);
}

TEST_CASE("a file of more than 4 MiB is refused, one of 4 MiB is not") {
  const Folder folder;
  const std::string config = kubeconfig(kServer, "") + "#";
  const std::string padding(4UL * 1024 * 1024 - config.size(), ' ');
  CHECK(folder.read(config + padding));
  CHECK(contains(error_of(folder, config + padding + " "), "4 MiB"));
}

TEST_CASE("an alias bomb is refused") {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 10; ++j) text += ", " + before;
    text += "]\n";
  }
  CHECK_FALSE(Folder().read(text));
}

}  // namespace selvage::k8s_client
