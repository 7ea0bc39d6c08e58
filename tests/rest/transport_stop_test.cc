#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <thread>
#include <vector>

#include "tests/rest/hanging_lookup.h"
#include "tests/rest/transport_fixture.h"

namespace selvage::k8s_client {
namespace {

/// Does a GET, and stops it once `begun`. What the GET came to; the idle limit would be another error.
Result<void> stop_once(Transport& transport, KeepingSink& sink, const std::function<void()>& begun) {
  std::thread stopper([&] {
    begun();
    transport.stop();
  });
  auto got = transport.get(request_for("/"), sink);
  stopper.join();
  return got;
}

void check_stopped(const Result<void>& got) {
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ECANCELED);
}

ApiConfig hanging_config() {
  ApiConfig config;
  config.tls = false;
  config.host = kHangingName;
  return config;
}

TEST_CASE("a stop while a name is looked up") {
  const auto transport = open_transport(hanging_config());
  KeepingSink sink;
  check_stopped(stop_once(*transport, sink, [] { wait_for_hanging_lookup(); }));
}

TEST_CASE("a lookup that hangs meets the idle limit, and the next request joins it") {
  const auto transport = open_transport(hanging_config());
  KeepingSink sink;
  for (int i = 0; i < 3; ++i) {
    const auto got = transport->get(request_for("/", std::chrono::milliseconds(50)), sink);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == ETIMEDOUT);
  }
}

TEST_CASE("a stop during the TLS handshake, before the head and between parts of the body") {
  const Authority authority;
  Happening reached;
  const bool tls = GENERATE(false, true);
  const std::string bytes = GENERATE(std::string("silence"), std::string(), std::string(kChunked),
                                     kChunked + chunk("first"), kChunked + chunk("first") + "7\r\nsec");
  CAPTURE(tls, bytes);
  HttpServerOptions options = tls ? tls_options(authority) : HttpServerOptions();
  if (bytes == "silence") options.identity.reset();
  HttpServer server(
      [&](Peer& peer) {
        if (bytes != "silence") {
          peer.read_request();
          peer.write(bytes);
        }
        reached.set();
        peer.wait_closed();
      },
      options);
  const auto transport = open_transport(config_for(server, tls ? &authority : nullptr));
  KeepingSink sink;
  check_stopped(stop_once(*transport, sink, [&] { reached.wait(); }));
}

TEST_CASE("a stop while the sink works: the request ends when the sink returns, and the sink is left alone") {
  Happening stopped, working;
  HttpServer server([](Peer& peer) {
    peer.read_request();
    peer.write(kChunked + chunk(std::string(300'000, 'x')) + chunk("more") + kLastChunk);
    peer.wait_closed();
  });
  const auto transport = open_transport(config_for(server));
  std::atomic<int> calls = 0;
  KeepingSink sink;
  const auto work = [&] {
    ++calls;
    working.set();
    stopped.wait();
    return true;
  };
  const bool in_head = GENERATE(true, false);
  if (in_head) sink.on_head = work;
  if (!in_head) sink.on_body = [&](std::string_view) { return work(); };
  std::thread stopper([&] {
    working.wait();
    transport->stop();
    stopped.set();
  });
  const auto got = transport->get(request_for("/"), sink);
  stopper.join();
  check_stopped(got);
  CHECK(calls == 1);
  CHECK(sink.text.size() < 300'000);
}

TEST_CASE("a stop ends all running requests, and later ones are refused") {
  std::atomic<int> waiting = 0;
  Happening all;
  HttpServer server([&](Peer& peer) {
    peer.read_request();
    if (++waiting == 4) all.set();
    peer.wait_closed();
  });
  const auto transport = open_transport(config_for(server));
  std::atomic<int> canceled = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      KeepingSink sink;
      const auto got = transport->get(request_for("/"), sink);
      if (!got && got.error().code == ECANCELED) ++canceled;
    });
  }
  CHECK(all.wait());
  transport->stop();
  transport->stop();
  for (auto& thread : threads) thread.join();
  CHECK(canceled == 4);
  KeepingSink sink;
  check_stopped(transport->get(request_for("/"), sink));
  CHECK(server.connections() == 4);
}

TEST_CASE("a sink may stop its own request") {
  HttpServer server(always(kChunked + chunk("first") + chunk("second") + kLastChunk));
  const auto transport = open_transport(config_for(server));
  KeepingSink sink;
  int parts = 0;
  sink.on_body = [&](std::string_view) {
    ++parts;
    transport->stop();
    return true;
  };
  check_stopped(transport->get(request_for("/"), sink));
  CHECK(parts == 1);
}

/// Run in a process of its own by the test below.
TEST_CASE("(in a process of its own) stop while a lookup hangs, and leave", "[.leave]") {
  const auto transport = open_transport(hanging_config());
  KeepingSink sink;
  check_stopped(stop_once(*transport, sink, [] { wait_for_hanging_lookup(); }));
}

TEST_CASE("a process ends while a lookup hangs") {
  std::array<char*, 4> arguments = {const_cast<char*>("test_rest"), const_cast<char*>("[.leave]"), nullptr, nullptr};
  pid_t pid = 0;
  REQUIRE(posix_spawn(&pid, "/proc/self/exe", nullptr, nullptr, arguments.data(), environ) == 0);
  const UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  pollfd ended = {process.get(), POLLIN, 0};
  const int polled = poll(&ended, 1, static_cast<int>(std::chrono::milliseconds(kLong).count()));
  if (polled != 1) kill(pid, SIGKILL);
  int status = 0;
  REQUIRE(waitpid(pid, &status, 0) == pid);
  CHECK(polled == 1);
  CHECK(status == 0);
}

}  // namespace
}  // namespace selvage::k8s_client
