#include <fcntl.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>

#include "tests/cluster/api_client.h"
#include "tests/support/shell.h"

/// How control planes come and go.
namespace selvage::testing {
namespace {

/// Whether somebody listens on the port of 127.0.0.1.
bool listens(std::uint16_t port) {
  try {
    Http(nullptr).request("GET", "http://127.0.0.1:" + std::to_string(port));
  } catch (const std::runtime_error&) {
    return false;
  }
  return true;
}

/// The port that a flag of kube-apiserver in scripts/cluster's state folder ends with.
std::uint16_t number_after(const std::string& flag, const std::string& state) {
  const std::string line = must_run("grep -e " + flag + " " + state + "/kube-apiserver.flags");
  return static_cast<std::uint16_t>(std::stoi(line.substr(flag.size())));
}

/// A process that has started a server and waits to be killed.
struct Doomed {
  pid_t pid = -1;
  std::uint16_t port = 0;
  std::string folder;

  Doomed() {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const UniqueFd in(ends[0]);
    UniqueFd out(ends[1]);
    pid = ::fork();
    if (pid == 0) live(out.get());
    out.reset();
    char text[4096];
    const ssize_t size = ::read(in.get(), text, sizeof text);
    REQUIRE(size > 0);
    const std::string said(text, static_cast<std::size_t>(size));
    port = static_cast<std::uint16_t>(std::stoi(said));
    folder = said.substr(said.find(' ') + 1);
  }

 private:
  [[noreturn]] static void live(int out) {
    const ApiServer server;
    const std::string text = std::to_string(server.port()) + " " + server.file("");
    if (::write(out, text.data(), text.size()) < 0) ::_exit(1);
    for (;;) ::pause();
  }
};

}  // namespace

TEST_CASE("servers run side by side, and in a network namespace") {
  const Result<lab::Namespace> node = lab::Namespace::create("rig");
  REQUIRE(node);
  REQUIRE(node->ip_batch("address add 192.0.2.7/24 dev lo\n"));
  ApiServerOptions options;
  options.where = &*node;
  options.addresses = {"192.0.2.7"};
  ApiServer inside(options);
  ApiServer outside;
  inside.must_kubectl({"create", "namespace", "inside"});
  ApiClient client(inside);
  CHECK(client.get("/api/v1/namespaces/inside").status == 200);
  CHECK(ApiClient(outside).get("/api/v1/namespaces/inside").status == 404);
  Http by_address(&*node, {inside.ca_file(), inside.file("admin.crt"), inside.file("admin.key")});
  const std::string url = "https://192.0.2.7:" + std::to_string(inside.port());
  CHECK(by_address.request("GET", url + "/api/v1/namespaces/inside").status == 200);
}

TEST_CASE("nothing remains of a server") {
  std::string folder;
  std::uint16_t port = 0;
  {
    ApiServer server;
    folder = server.file("");
    port = server.port();
    CHECK(std::filesystem::exists(folder));
    CHECK(listens(port));
  }
  CHECK_FALSE(std::filesystem::exists(folder));
  CHECK_FALSE(listens(port));
}

TEST_CASE("a server that cannot start reports why") {
  ApiServerOptions options;
  options.flags = {"--no-such-flag"};
  CHECK_THROWS_WITH(ApiServer(options), Catch::Contains("no-such-flag"));
  ApiServerOptions exposed;
  exposed.addresses = {"::1"};
  CHECK_THROWS(ApiServer(exposed));
}

TEST_CASE("a killed test leaves no servers, and its folder is removed by the next") {
  const Doomed doomed;
  CHECK(listens(doomed.port));
  ::kill(doomed.pid, SIGKILL);
  ::waitpid(doomed.pid, nullptr, 0);
  // The kernel kills the servers; when they are gone is up to the scheduler.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (listens(doomed.port) && std::chrono::steady_clock::now() < until) {
  }
  CHECK_FALSE(listens(doomed.port));
  CHECK(std::filesystem::exists(doomed.folder));
  const ClusterFolder next;
  CHECK_FALSE(std::filesystem::exists(doomed.folder));
  CHECK(std::filesystem::exists(next.path()));
}

TEST_CASE("scripts/cluster starts a cluster, reports it and ends it") {
  const ClusterFolder folder;
  const std::string state = folder.path("state");
  const std::string script = std::string("SELVAGE_CLUSTER_PROGRAMS=") + SELVAGE_CLUSTER_PROGRAMS +
                             " " SELVAGE_CLUSTER_SCRIPT " --state " + state + " ";
  CHECK(shell(script + "status").status == 1);
  CHECK(shell(script + "down").status == 1);
  const ShellOutput up = shell(script + "up --feature-gates WatchList=false -- --event-ttl=5m");
  INFO(up.text);
  REQUIRE(up.status == 0);
  CHECK(shell(script + "status").status == 0);
  CHECK(shell(script + "up").status == 1);
  CHECK(shell(script + "kubectl create namespace prod").status == 0);
  CHECK(shell("eval \"$(" + script + "env)\"; kubectl get namespace prod").status == 0);
  CHECK(shell("ls " + state + "/kubeconfig").text == shell(script + "kubeconfig").text);
  CHECK(must_run("cat " + state + "/kube-apiserver.flags").find("WatchList=false\n--event-ttl=5m") !=
        std::string::npos);
  const std::uint16_t port = number_after("--secure-port=", state);
  const std::uint16_t etcd_port = number_after("--etcd-servers=http://127.0.0.1:", state);
  CHECK((listens(port) && listens(etcd_port)));
  CHECK(shell(script + "down").status == 0);
  CHECK_FALSE(std::filesystem::exists(state));
  CHECK_FALSE((listens(port) || listens(etcd_port)));
}

}  // namespace selvage::testing
