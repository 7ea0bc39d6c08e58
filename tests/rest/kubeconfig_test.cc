// What a good kubeconfig comes to.
#include <catch2/catch.hpp>

#include "tests/rest/kubeconfig_fixture.h"

namespace selvage::k8s_client {

TEST_CASE("the current context's cluster and user are used") {
  const Folder folder;
  const ApiConfig config = good(folder.read(kubeconfig(kServer, "token: a.b-c_d")));
  CHECK(config.tls);
  CHECK_FALSE(config.insecure);
  CHECK_FALSE(config.disable_compression);
  CHECK(config.host == "api.example");
  CHECK(config.port == 6443);
  CHECK(config.path_prefix.empty());
  CHECK(config.tls_server_name.empty());
  CHECK(config.ca.empty());
  CHECK(config.token == "a.b-c_d");
  CHECK(config.token_file.empty());
  CHECK(config.client_certificate.empty());
  CHECK(config.proxy.empty());
  CHECK(contains(config.origin, folder.path("config")));
  CHECK(contains(config.origin, "prod"));
}

TEST_CASE("JSON is read too, and kind and apiVersion may be left out") {
  const ApiConfig config = good(Folder().read(R"({"clusters": [{"name": "c", "cluster": {"server": "https://h"}}],
    "contexts": [{"name": "x", "context": {"cluster": "c"}}], "users": null, "current-context": "x"})"));
  CHECK(config.host == "h");
  CHECK(config.token.empty());
}

TEST_CASE("unknown fields are skipped") {
  const ApiConfig config = good(Folder().read(
      kubeconfig(std::string(kServer) + ", future: [1], extensions: [{name: a, extension: {b: c}}]", "mood: good") +
      "preferences: {colors: true}\nlater: 1\n"));
  CHECK(config.host == "api.example");
}

TEST_CASE("a cluster's settings") {
  const Folder folder;
  const ApiConfig config = good(folder.read(
      kubeconfig("server: 'https://[fd00::1]/k8s/c-1/', tls-server-name: kubernetes, disable-compression: true, "
                 "proxy-url: 'http://proxy:3128', certificate-authority: ca.pem",
                 "")));
  CHECK(config.host == "fd00::1");
  CHECK(config.port == 443);
  CHECK(config.path_prefix == "/k8s/c-1");
  CHECK(config.tls_server_name == "kubernetes");
  CHECK(config.disable_compression);
  CHECK(config.proxy == "http://proxy:3128");
  CHECK(config.ca == first_pair().certificate);
  CHECK(config.ca_file == folder.path("ca.pem"));
}

TEST_CASE("insecure only if the cluster says so") {
  CHECK(good(Folder().read(kubeconfig(std::string(kServer) + ", insecure-skip-tls-verify: true", ""))).insecure);
  CHECK_FALSE(good(Folder().read(kubeconfig(std::string(kServer) + ", insecure-skip-tls-verify: false", ""))).insecure);
}

TEST_CASE("plain http carries no credentials, and needs none") {
  const ApiConfig config = good(Folder().read(kubeconfig("server: 'http://127.0.0.1:8001'", "")));
  CHECK_FALSE(config.tls);
  CHECK(config.port == 8001);
}

TEST_CASE("a certificate authority as data goes before its file, which is not read") {
  const std::string data = base64(second_pair().certificate);
  const ApiConfig config = good(Folder().read(kubeconfig(
      std::string(kServer) + ", certificate-authority-data: " + data + ", certificate-authority: nowhere.pem", "")));
  CHECK(config.ca == second_pair().certificate);
  CHECK(config.ca_file.empty());
}

TEST_CASE("data may be broken into lines") {
  std::string data = base64(first_pair().certificate);
  for (std::size_t at = 64; at < data.size(); at += 71) data.insert(at, "\n      ");
  const std::string text =
      "clusters:\n- name: c\n  cluster:\n    server: https://h\n    certificate-authority-data: |\n      " + data +
      "\ncontexts:\n- name: x\n  context:\n    cluster: c\ncurrent-context: x\n";
  CHECK(good(Folder().read(text)).ca == first_pair().certificate);
}

TEST_CASE("a client certificate by files, with paths relative to the kubeconfig") {
  const Folder folder;
  const std::string key = GENERATE("key.pem", "./key.pem");
  const ApiConfig config = good(folder.read(kubeconfig(kServer, "client-certificate: cert.pem, client-key: " + key)));
  CHECK(config.client_certificate == first_pair().certificate);
  CHECK(config.client_key == first_pair().key);
  CHECK(config.client_certificate_file == folder.path("cert.pem"));
  CHECK(config.client_key_file == folder.path("key.pem"));
}

TEST_CASE("a client certificate by data is never read again") {
  const std::string data = base64(first_pair().certificate);
  const std::string key_data = base64(first_pair().key);
  const auto user =
      GENERATE_COPY(as<std::string>{}, "client-certificate-data: " + data + ", client-key-data: " + key_data,
                    "client-certificate: cert.pem, client-key-data: " + key_data,
                    "client-certificate-data: " + data + ", client-key: key.pem");
  CAPTURE(user);
  const ApiConfig config = good(Folder().read(kubeconfig(kServer, user)));
  CHECK(config.client_certificate == first_pair().certificate);
  CHECK(config.client_key == first_pair().key);
  CHECK(config.client_certificate_file.empty());
  CHECK(config.client_key_file.empty());
}

TEST_CASE("private keys in the forms that tools write") {
  const Folder folder;
  std::string user = "client-certificate: cert.pem, client-key: key.pem";
  SECTION("parameters before an EC key") { folder.write("key.pem", first_pair().traditional_key); }
  SECTION("certificate and key in one file, as the kubelet has them") {
    folder.write("both.pem", first_pair().certificate + first_pair().key);
    user = "client-certificate: both.pem, client-key: both.pem";
  }
  SECTION("the key first") {
    folder.write("both.pem", first_pair().key + first_pair().certificate);
    user = "client-certificate: both.pem, client-key: both.pem";
  }
  SECTION("a chain, with text around") {
    folder.write("cert.pem", "leaf\n" + first_pair().certificate + "\nissuer\n" + second_pair().certificate + "end\n");
  }
  CHECK_FALSE(good(folder.read(kubeconfig(kServer, user))).client_key_file.empty());
}

TEST_CASE("a token's file") {
  const Folder folder;
  SECTION("alone: its contents, without white space around them") {
    const ApiConfig config = good(folder.read(kubeconfig(kServer, "tokenFile: token")));
    CHECK(config.token == "from-the-file");
    CHECK(config.token_file == folder.path("token"));
  }
  SECTION("beside a token: both are known") {
    const ApiConfig config = good(folder.read(kubeconfig(kServer, "tokenFile: token, token: fixed")));
    CHECK(config.token == "fixed");
    CHECK(config.token_file == folder.path("token"));
  }
  SECTION("beside a token, but missing: the token is used") {
    const ApiConfig config = good(folder.read(kubeconfig(kServer, "tokenFile: nowhere, token: fixed")));
    CHECK(config.token == "fixed");
    CHECK(config.token_file == folder.path("nowhere"));
  }
}

TEST_CASE("a requested context goes before current-context, and other entries do not matter") {
  const Folder folder;
  const std::string text = R"(
clusters: [{name: bad, cluster: {server: 1}}, {name: good, cluster: {server: 'https://good'}}]
users: [{name: bad, user: {exec: {command: run-me}}}, {name: good, user: {token: t}}]
contexts: [{name: bad, context: {cluster: bad, user: bad}}, {name: good, context: {cluster: good, user: good}}]
current-context: bad
)";
  CHECK(good(folder.read(text, "good")).host == "good");
  CHECK_FALSE(folder.read(text));
  CHECK_FALSE(folder.read(text, "bad"));
}

TEST_CASE("of several files the first to name an entry wins, as a whole") {
  const Folder folder;
  folder.make_folder("sub");
  folder.write("sub/token", "second-token");
  folder.write("first", R"(
clusters: [{name: both, cluster: {server: 'https://first'}}]
contexts: [{name: one, context: {cluster: both}}]
current-context: ''
)");
  folder.write("sub/second", R"(
clusters: [{name: both, cluster: {server: 'https://second', tls-server-name: x}}, {name: c, cluster: {server: 'https://c'}}]
users: [{name: u, user: {tokenFile: token}}]
contexts: [{name: one, context: {cluster: c}}, {name: two, context: {cluster: both, user: u}}]
current-context: two
)");
  const std::vector<std::string> files = {folder.path("first"), folder.path("sub/second")};
  const ApiConfig two = good(read_kubeconfig(files, ""));
  CHECK(two.host == "first");
  CHECK(two.tls_server_name.empty());
  CHECK(two.token == "second-token");
  CHECK(two.token_file == folder.path("sub/token"));
  CHECK(contains(two.origin, folder.path("sub/second")));
  CHECK(good(read_kubeconfig(files, "one")).host == "first");
  CHECK(good(read_kubeconfig({files[1], files[0]}, "one")).host == "c");
}

TEST_CASE("the current-context of an earlier file goes first") {
  const Folder folder;
  folder.write("first", "current-context: b\n");
  folder.write("second", R"(
clusters: [{name: a, cluster: {server: 'https://a'}}, {name: b, cluster: {server: 'https://b'}}]
contexts: [{name: a, context: {cluster: a}}, {name: b, context: {cluster: b}}]
current-context: a
)");
  CHECK(good(read_kubeconfig({folder.path("first"), folder.path("second")}, "")).host == "b");
}

}  // namespace selvage::k8s_client
