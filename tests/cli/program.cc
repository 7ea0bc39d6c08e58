#include "tests/cli/program.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <array>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "tests/support/must.h"

namespace selvage::testing {
namespace {

using namespace std::chrono_literals;

/// Enough for a slow machine.
constexpr std::chrono::milliseconds kPatience = 60s;

lab::Argv joined(lab::Argv first, const lab::Argv& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// The caller's own NODE_NAME must not decide a test.
lab::Argv command_line(const lab::Argv& wrapper, const lab::Argv& arguments) {
  return joined(joined(joined({"env", "-u", "NODE_NAME"}, wrapper), {SELVAGE_BINARY}), arguments);
}

lab::Argv agent_arguments(const TestNode& node, const lab::Argv& more) {
  return joined({"agent", "--manifests", node.manifests(), "--node", "n1"}, more);
}

/// A named pipe, open for reading and, so that it never ends, for writing.
UniqueFd open_pipe(const std::string& path) {
  if (mkfifo(path.c_str(), 0600) != 0) FAIL("mkfifo " + path);
  return UniqueFd(open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
}

}  // namespace

TestNode::TestNode() : space_((lab::sweep_leftovers(), must(lab::Namespace::create("cli")))) {
  files.make_folder("manifests");
}

Ended TestNode::selvage(const lab::Argv& arguments, const lab::Argv& wrapper) const {
  const std::string log = files.path("run.log");
  files.write("run.log", "");
  auto process = must(lab::Process::start(space_, command_line(wrapper, arguments), log));
  const auto status = process.wait(kPatience);
  if (!status) FAIL("still running: selvage " << (arguments.empty() ? "" : arguments[0]));
  std::ostringstream text;
  text << std::ifstream(log).rdbuf();
  return {*status, text.str()};
}

Ended TestNode::once(const lab::Argv& arguments, const lab::Argv& wrapper) const {
  return selvage(agent_arguments(*this, joined({"--once"}, arguments)), wrapper);
}

std::string TestNode::shell(const std::string& command) const { return must(lab::run(space_, {"sh", "-c", command})); }

std::string TestNode::config(const std::string& text) const {
  files.write("config.yaml", text);
  return files.path("config.yaml");
}

Follower::Follower(const TestNode& node, const lab::Argv& arguments)
    : output_(open_pipe(node.files.path("follower.log"))),
      process_(must(lab::Process::start(node.space(), command_line({}, agent_arguments(node, arguments)),
                                        node.files.path("follower.log")))) {}

bool Follower::says(const std::string& part) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (text_.find(part) == std::string::npos) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd waiting{output_.get(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) != 1) return false;
    std::array<char, 4096> chunk{};
    const ssize_t size = ::read(output_.get(), chunk.data(), chunk.size());
    if (size > 0) text_.append(chunk.data(), static_cast<std::size_t>(size));
  }
  return true;
}

std::string pod_text(const std::string& name, const std::string& address) {
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: prod, labels: {app: " + name +
         "}}\nspec: {nodeName: n1}\nstatus: {phase: Running, podIP: " + address + ", podIPs: [{ip: " + address +
         "}]}\n";
}

std::string deny_text(const std::string& name) {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny-" + name +
         ", namespace: prod}\nspec: {podSelector: {matchLabels: {app: " + name + "}}, policyTypes: [Ingress]}\n";
}

}  // namespace selvage::testing
