#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

/// The state of an agent, from its socket.
namespace selvage::testing {
namespace {

using Json = nlohmann::json;

/// An agent with a socket of its own.
struct StatusNode {
  TestNode node;
  std::string socket = node.files.path("run/agent.sock");

  StatusNode() {
    node.write("web.yaml", pod_text("web", "10.244.1.2"));
    node.write("api.yaml", pod_text("api", "10.244.1.3"));
    node.write("deny.yaml", deny_text("web"));
  }
  [[nodiscard]] Ended status(const lab::Argv& more = {}) const {
    lab::Argv arguments = {"status", "--socket", socket};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return node.selvage(arguments);
  }
  [[nodiscard]] Json json() const {
    const Ended ended = status({"--json"});
    INFO(ended.text);
    REQUIRE(ended.status == 0);
    const Json parsed = Json::parse(ended.text, nullptr, false);
    REQUIRE(parsed.is_object());
    return parsed;
  }
  [[nodiscard]] Follower agent() const { return agent(node); }
  /// An agent of another node, with the same socket.
  [[nodiscard]] Follower agent(const TestNode& other) const { return {other, {"--status-socket", socket}}; }
};

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

/// Connects, sends nothing, reads nothing.
UniqueFd silent_client(const std::string& path) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = address_of(path);
  REQUIRE(connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return fd;
}

/// A listening socket that accepts no connection and whose backlog is full.
struct Jammed {
  UniqueFd listener{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  std::vector<UniqueFd> clients;

  explicit Jammed(const std::string& path) {
    const sockaddr_un address = address_of(path);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    REQUIRE(bind(listener.get(), generic, sizeof address) == 0);
    REQUIRE(listen(listener.get(), 1) == 0);
    do {
      clients.emplace_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    } while (connect(clients.back().get(), generic, sizeof address) == 0);
    REQUIRE(errno == EAGAIN);
  }
};

TEST_CASE("status lists pods, the policies that isolate them, and whether the node is ready") {
  const StatusNode asked;
  Follower agent = asked.agent();
  REQUIRE(agent.says("committed"));
  const Json status = asked.json();
  CHECK(status["node"] == "n1");
  CHECK(status["ready"].is_boolean());
  CHECK(status["objects"]["pods"] == 2);
  CHECK(status["objects"]["policies"] == 1);
  CHECK(status["last_sync"] != "never");
  REQUIRE(status["pods"].size() == 2);
  const Json web = status["pods"][1];
  CHECK(web["addresses"] == Json::array({"10.244.1.2"}));
  CHECK(web["ingress"]["policies"].size() == 1);
  CHECK(status["pods"][0]["ingress"]["policies"].empty());
  const Ended text = asked.status();
  CHECK(text.status == 0);
  CHECK(text.says("10.244.1.2"));
  CHECK(text.says(web["ingress"]["policies"][0].get<std::string>()));
}

/// A pod of node n1 in namespace prod, with the rest of its spec and status.
std::string other_pod_text(const std::string& name, const std::string& spec, const std::string& status) {
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: prod}\nspec: {nodeName: n1" + spec +
         "}\nstatus: {" + status + "}\n";
}

TEST_CASE("status lists host-network pods and pods without an address, and says which pods are open") {
  const StatusNode asked;
  asked.node.write("proxy.yaml", other_pod_text("proxy", ", hostNetwork: true",
                                                "phase: Running, podIP: 192.0.2.7, podIPs: [{ip: 192.0.2.7}]"));
  asked.node.write("starting.yaml", other_pod_text("starting", "", "phase: Pending"));
  asked.node.write("done.yaml", other_pod_text("done", "", "phase: Succeeded"));
  Follower agent = asked.agent();
  REQUIRE(agent.says("committed"));
  const Json pods = asked.json()["pods"];
  REQUIRE(pods.size() == 4);
  CHECK(pods[0]["pod"] == "prod/api");
  CHECK(pods[0]["ingress"]["isolated"] == false);
  CHECK(pods[1]["pod"] == "prod/proxy");
  CHECK(pods[1]["host_network"] == true);
  CHECK(pods[1]["addresses"] == Json::array({"192.0.2.7"}));
  CHECK(pods[2]["pod"] == "prod/starting");
  CHECK(pods[2]["host_network"] == false);
  CHECK(pods[2]["addresses"].empty());
  CHECK(pods[3]["ingress"]["isolated"] == true);
  const Ended text = asked.status();
  INFO(text.text);
  CHECK_THAT(text.text, Catch::Matches("[^]*\nprod/api +10.244.1.3 +none: open +none: open +0 +0\n[^]*"));
  CHECK_THAT(text.text,
             Catch::Matches("[^]*\nprod/proxy +192.0.2.7 \\(host network\\) +not applicable +not applicable [^]*"));
  CHECK_THAT(text.text, Catch::Matches("[^]*\nprod/starting +none yet +none: open [^]*"));
}

TEST_CASE("status folds its table to the terminal's width, and not in a pipe") {
  const StatusNode asked;
  asked.node.write("long.yaml", pod_text("a-pod-whose-long-name-does-not-fit-a-narrow-terminal", "10.244.1.4"));
  Follower agent = asked.agent();
  REQUIRE(agent.says("committed"));
  const auto longest_line = [&](const std::string& width) {
    return asked.node.shell("script -qec 'stty cols " + width + "; " + SELVAGE_BINARY + " status --socket " +
                            asked.socket +
                            "' /dev/null | awk '{ if (length > most) most = length } END { print most }'");
  };
  CHECK(std::stoi(longest_line("60")) <= 61);  // with the terminal's carriage return
  CHECK(std::stoi(longest_line("300")) > 61);
  CHECK(asked.status().says("INGRESS POLICIES"));
}

TEST_CASE("-o json and --json are the same, and exclude -o text") {
  const StatusNode asked;
  Follower agent = asked.agent();
  REQUIRE(agent.says("committed"));
  for (const lab::Argv& json : {lab::Argv{"--json"}, lab::Argv{"-o", "json"}, lab::Argv{"--output", "json"}})
    CHECK(Json::parse(asked.status(json).text, nullptr, false).is_object());
  CHECK(asked.status({"-o", "text"}).says("Node:"));
  CHECK(asked.status({"--json", "-o", "text"}).status == 2);
}

TEST_CASE("only root can open the agent's socket, which the agent removes at its end") {
  const StatusNode asked;
  Follower agent = asked.agent();
  REQUIRE(agent.says("committed"));
  struct stat found {};
  REQUIRE(stat(asked.socket.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
  CHECK(agent.stop(SIGTERM) == 0);
  CHECK(stat(asked.socket.c_str(), &found) != 0);
  CHECK(asked.status().status == 1);
}

TEST_CASE("clients that do not read, or disconnect at once, do not delay answers to others") {
  const StatusNode asked;
  Follower agent = asked.agent();
  REQUIRE(agent.says("committed"));
  std::vector<UniqueFd> silent;
  for (int i = 0; i < 100; ++i) silent.push_back(silent_client(asked.socket));
  for (int i = 0; i < 100; ++i) silent_client(asked.socket);
  CHECK(asked.json()["node"] == "n1");
  CHECK(agent.stop(SIGTERM) == 0);
}

TEST_CASE("an agent takes over the socket of a killed one, and waits for a running one") {
  const StatusNode asked;
  Follower first = asked.agent();
  REQUIRE(first.says("committed"));
  CHECK(first.stop(SIGKILL) != 0);
  const TestNode other;
  Follower second = asked.agent(other);
  REQUIRE(second.says("committed"));
  CHECK(asked.json()["objects"]["pods"] == 0);
  const TestNode another;
  Follower third = asked.agent(another);
  CHECK(third.says("another agent"));
  CHECK(second.stop(SIGTERM) == 0);
  bool answered = false;
  for (int i = 0; i < 200 && !answered; ++i) {
    answered = asked.status().status == 0;
    if (!answered) usleep(50'000);
  }
  CHECK(answered);
}

TEST_CASE("an agent enforces although a hung process holds its socket") {
  const StatusNode asked;
  asked.node.files.make_folder("run");
  const Jammed jammed(asked.socket);
  Follower agent = asked.agent();
  CHECK(agent.says("another agent"));
  CHECK(agent.says("committed"));
  CHECK(asked.status().status == 1);
}

TEST_CASE("a file that is not a socket is not replaced") {
  const StatusNode asked;
  asked.node.files.make_folder("run");
  asked.node.files.write("run/agent.sock", "mine");
  Follower agent = asked.agent();
  CHECK(agent.says("not a socket"));
  CHECK(asked.node.shell("cat " + asked.socket) == "mine");
}

}  // namespace
}  // namespace selvage::testing
