#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "tests/rest/hanging_lookup.h"
#include "tests/rest/transport_fixture.h"

namespace selvage::k8s_client {
namespace {

std::set<std::string> threads() {
  std::set<std::string> ids;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) ids.insert(entry.path().filename());
  return ids;
}

/// The signals that a thread takes no notice of (proc(5), SigBlk), as bits from SIGHUP on.
std::uint64_t blocked_signals(const std::string& thread) {
  std::ifstream status("/proc/self/task/" + thread + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("SigBlk:")) return std::stoull(line.substr(7), nullptr, 16);
  }
  return 0;
}

TEST_CASE("signals are left to the program's own threads") {
  const auto before = threads();
  ApiConfig config;
  config.tls = false;
  config.host = kHangingName;
  const auto transport = open_transport(config);
  KeepingSink sink;
  REQUIRE_FALSE(transport->get(request_for("/", std::chrono::milliseconds(50)), sink));
  int begun = 0;
  for (const auto& thread : threads()) {
    if (before.count(thread) != 0) continue;
    ++begun;
    CHECK((blocked_signals(thread) & (1U << (SIGTERM - 1U))) != 0);
  }
  CHECK(begun >= 1);  // that of the lookup, and the library's where no other test began them
  CHECK((blocked_signals(std::to_string(getpid())) & (1U << (SIGTERM - 1U))) == 0);
}

TEST_CASE("a sink is called in the requesting thread") {
  HttpServer server(always(kChunked + chunk("body") + kLastChunk));
  const auto transport = open_transport(config_for(server));
  KeepingSink sink;
  bool same = true;
  const auto look = [&, asker = std::this_thread::get_id()] {
    same = same && std::this_thread::get_id() == asker;
    return true;
  };
  sink.on_head = look;
  sink.on_body = [&](std::string_view) { return look(); };
  REQUIRE(transport->get(request_for("/"), sink));
  CHECK(sink.text == "body");
  CHECK(same);
}

}  // namespace
}  // namespace selvage::k8s_client
