#pragma once

#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <thread>

#include "cluster.h"

namespace selvage::packets {

/// Waits for the condition as `eventually` does, with longer pauses.
template <class Condition>
bool soon(Condition condition) {
  return eventually([&] {
    if (condition()) return true;
    std::this_thread::sleep_for(milliseconds(20));
    return false;
  });
}

/// Pods web, api and other on node 1, with an agent that serves HTTP and its status socket.
struct Monitored : Cluster {
  TestPod& web = pod({"prod", "web", {{"app", "web"}}});
  TestPod& api = pod({"prod", "api", {{"app", "api"}}});
  TestPod& other = pod({"prod", "other", {{"app", "other"}}});

  /// An agent with `more` arguments; not necessarily ready.
  Process launch(const Argv& more = {}) {
    Argv arguments = {"--http-address", "127.0.0.1", "--status-socket", socket()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return start_agent(1, arguments);
  }
  /// An agent that is ready. On a busy machine, silence alone could be a slow answer of a pod that is not isolated yet.
  Process launch_ready(const Argv& more = {}) {
    Process agent = launch(more);
    CHECK(soon([&] { return page("/readyz") == "ok"; }));
    return agent;
  }
  [[nodiscard]] std::string socket() const { return own_.path() / "agent.sock"; }

  /// The body of a page; empty while it is not served.
  std::string page(const std::string& path) {
    return run(node(1).space(), {"curl", "-s", "--max-time", "10", "http://127.0.0.1:9697" + path}).value_or("");
  }
  /// The value of a series by its full name; -1 if the page lacks it.
  double metric(const std::string& series) {
    std::istringstream lines(page("/metrics"));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(series + " ")) return std::stod(line.substr(series.size() + 1));
    }
    return -1;
  }

 private:
  TemporaryFolder own_ = TemporaryFolder::create().value();
};

}  // namespace selvage::packets
