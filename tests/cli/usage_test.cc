#include <catch2/catch.hpp>

#include "tests/cli/program.h"

/// Help, version, and how a wrong command line is refused: exit code 2, nothing changed.
namespace selvage::testing {
namespace {

/// The command line was refused, nothing was changed, and the output holds each of `parts`.
void check_refused(const TestNode& node, const Ended& ended, const std::vector<std::string>& parts) {
  INFO(ended.text);
  CHECK(ended.status == 2);
  for (const auto& part : parts) CHECK(ended.says(part));
  CHECK(node.tables().empty());
}

TEST_CASE("help lists commands and options") {
  const TestNode node;
  const Ended all = node.selvage({"--help"});
  INFO(all.text);
  CHECK(all.status == 0);
  for (const std::string command : {"agent", "preflight", "verify", "verdicts", "cleanup", "--version", "Exit codes"})
    CHECK(all.says(command));
  const Ended agent = node.selvage({"agent", "--help"});
  INFO(agent.text);
  CHECK(agent.status == 0);
  for (const std::string option : {"--manifests", "--node", "NODE_NAME", "--once", "--dry-run", "--unknown-pods",
                                   "--pod-bridge", "--table-owner", "--log-format", "--debug", "--config", "SIGTERM"}) {
    INFO(option);
    CHECK(agent.says(option));
  }
  CHECK(node.selvage({"cleanup", "--help"}).status == 0);
}

TEST_CASE("the version is printed") {
  const TestNode node;
  const Ended ended = node.selvage({"--version"});
  CHECK(ended.status == 0);
  CHECK_THAT(ended.text, Catch::Matches("selvage [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_CASE("a wrong command line is refused and names what is wrong") {
  const TestNode node;
  const std::string folder = node.manifests();
  check_refused(node, node.selvage({}), {"subcommand"});
  check_refused(node, node.selvage({"enforce"}), {});
  check_refused(node, node.once({"--kubeconfig", "config"}), {"--manifests", "--kubeconfig"});
  check_refused(node, node.once({"--api-idle-timeout", "0"}), {"--api-idle-timeout"});
  check_refused(node, node.selvage({"agent", "--once", "--manifests", folder}), {"--node"});
  check_refused(node, node.once({"--bogus"}), {"--bogus"});
  check_refused(node, node.once({"extra"}), {"extra"});
  check_refused(node, node.once({"--unknown-pods", "maybe"}), {"--unknown-pods", "maybe"});
  check_refused(node, node.once({"--table-owner", "maybe"}), {"--table-owner", "maybe"});
  check_refused(node, node.once({"--pod-bridge", "a-name-too-long-"}), {"--pod-bridge", "a-name-too-long-"});
  check_refused(node, node.once({"--log-format", "xml"}), {"--log-format", "xml"});
  check_refused(node, node.selvage({"cleanup", "--all"}), {"--all"});
}

TEST_CASE("a wrong config file is refused and names file, line and key") {
  const TestNode node;
  const auto with = [&](const std::string& text) { return node.once({"--config", node.config(text)}); };
  check_refused(node, with("log-format: text\nnods: x\n"), {"config.yaml:2", "nods"});
  check_refused(node, with("debug: true\nnode: a\nnode: b\n"), {"config.yaml:3", "node"});
  check_refused(node, with("debug: true\nunknown-pods: maybe\n"), {"config.yaml:2", "unknown-pods", "maybe"});
  check_refused(node, with("debug: maybe\n"), {"config.yaml:1", "debug", "maybe"});
  check_refused(node, with("log-format: [text, json]\n"), {"config.yaml:1", "log-format"});
  check_refused(node, with("debug: true\nunknown-pods: {a: b}\n"), {"config.yaml:2", "unknown-pods"});
  check_refused(node, with("config: other.yaml\n"), {"config.yaml:1: config"});
  check_refused(node, with("help: true\n"), {"config.yaml:1: help"});
  check_refused(node, with("pod-bridge: [cni0, a-name-too-long-]\n"), {"config.yaml:1", "a-name-too-long-"});
  check_refused(node, with("- debug\n"), {"config.yaml:1"});
  check_refused(node, with("debug: [\n"), {"config.yaml:"});
  check_refused(node, node.once({"--config", node.files.path("none.yaml")}), {"none.yaml"});
}

TEST_CASE("the config file sets options that the command line does not") {
  const TestNode node;
  node.write("pod.yaml", pod_text("web", "10.244.1.2"));
  const std::string config = node.config("manifests: " + node.manifests() +
                                         "\nnode: n1\nonce: true\npod-bridge: [podbr1, podbr2]\nunknown-pods: drop\n");
  const Ended ended = node.selvage({"agent", "--config", config});
  INFO(ended.text);
  CHECK(ended.status == 0);
  const std::string tables = node.tables();
  CHECK(tables.find("10.244.1.2") != std::string::npos);
  CHECK(tables.find("\"podbr1\"") != std::string::npos);
  CHECK(tables.find("\"podbr2\"") != std::string::npos);
  CHECK(tables.find("jump unknown-source") != std::string::npos);
}

TEST_CASE("the command line takes precedence over the config file") {
  const TestNode node;
  node.write("pod.yaml", pod_text("web", "10.244.1.2"));
  const std::string config = node.config("node: another\npod-bridge: [frombr]\nunknown-pods: drop\n");
  const Ended ended = node.once({"--config", config, "--pod-bridge", "linebr", "--unknown-pods", "allow"});
  INFO(ended.text);
  CHECK(ended.status == 0);
  const std::string tables = node.tables();
  CHECK(tables.find("10.244.1.2") != std::string::npos);
  CHECK(tables.find("\"linebr\"") != std::string::npos);
  CHECK(tables.find("frombr") == std::string::npos);
  CHECK(tables.find("jump unknown-source") == std::string::npos);
}

TEST_CASE("an empty config file sets no options") {
  const TestNode node;
  CHECK(node.once({"--config", node.config("")}).status == 0);
  CHECK(node.once({"--config", node.config("# nothing yet\n")}).status == 0);
}

TEST_CASE("the environment can set the node's name, and the command line takes precedence") {
  const TestNode node;
  node.write("pod.yaml", pod_text("web", "10.244.1.2"));
  const lab::Argv once = {"agent", "--manifests", node.manifests(), "--once"};
  CHECK(node.selvage(once, {"NODE_NAME=n1"}).status == 0);
  CHECK(node.tables().find("10.244.1.2") != std::string::npos);
  CHECK(node.selvage(once, {"NODE_NAME=another"}).status == 0);
  CHECK(node.tables().find("10.244.1.2") == std::string::npos);
  CHECK(node.once({}, {"NODE_NAME=another"}).status == 0);
  CHECK(node.tables().find("10.244.1.2") != std::string::npos);
}

}  // namespace
}  // namespace selvage::testing
