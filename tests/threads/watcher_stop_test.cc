#include <catch2/catch.hpp>
#include <cerrno>
#include <future>

#include "k8s_client/watch/watcher.h"
#include "tests/support/memory_api_server.h"
#include "tests/watch/keeping_observer.h"

/// A Watcher in a thread of its own is stopped in each of its states.
namespace selvage::testing {
namespace {

using k8s_client::KeepingObserver;
using k8s_client::kPatience;
using k8s_client::ListWatchOptions;
using k8s_client::Reported;
using k8s_client::Resource;
using k8s_client::Watcher;

/// Nothing ends by itself: all limits and waits are longer than a test's patience.
ListWatchOptions patient(bool streaming) {
  ListWatchOptions options;
  options.streaming_lists = streaming;
  options.page_size = 2;
  options.first_wait = options.max_wait = std::chrono::hours(1);
  options.list_idle_limit = options.watch_idle_limit = std::chrono::hours(1);
  return options;
}

/// A Watcher that runs, and the server that it watches.
class Running {
 public:
  explicit Running(bool streaming) : watcher_(Resource::namespaces, patient(streaming), server.transport(), observer) {
    for (const char* name : {"a", "b", "c"}) server.put(name, R"("x")");
  }
  ~Running() {
    watcher_.stop();
    server.transport().stop();
  }

  void start() {
    run_ = std::async(std::launch::async, [this] { watcher_.run(); });
  }
  /// Whether it returns when it is stopped, in either order.
  bool stops(bool watcher_first = true) {
    if (watcher_first) watcher_.stop();
    server.transport().stop();
    if (!watcher_first) watcher_.stop();
    return returns();
  }
  /// Without a word to the transport.
  void stop_watcher() { watcher_.stop(); }
  bool returns() { return run_.wait_for(kPatience) == std::future_status::ready; }

  MemoryApiServer server;
  KeepingObserver observer;

 private:
  Watcher watcher_;
  std::future<void> run_;
};

/// Says when a request has come to where nothing happens any more.
class Arrival {
 public:
  MemoryApiServer::Fault stall_after(std::size_t bytes) {
    return [this, bytes](const auto& request, ScriptedWire& wire, const auto& serve) {
      const auto fault = silence_after(bytes);
      ArrivingWire arriving(wire, *this);
      fault(request, arriving, serve);
    };
  }
  bool wait() { return arrived_.get_future().wait_for(kPatience) == std::future_status::ready; }

 private:
  class ArrivingWire : public ScriptedWire {
   public:
    ArrivingWire(ScriptedWire& next, Arrival& arrival) : next_(next), arrival_(arrival) {}
    bool head(const k8s_client::ResponseHead& head) override { return next_.head(head); }
    bool write(std::string_view bytes) override { return next_.write(bytes); }
    void end() override { next_.end(); }
    void stall() override {
      arrival_.arrived_.set_value();
      next_.stall();
    }
    bool wait(const std::function<bool()>& ready) override { return next_.wait(ready); }
    void fail(int code) override { next_.fail(code); }

   private:
    ScriptedWire& next_;
    Arrival& arrival_;
  };

  std::promise<void> arrived_;
};

TEST_CASE("a watcher that is stopped before it runs sends no request") {
  Running running(true);
  running.stop_watcher();
  running.start();
  CHECK(running.returns());
  CHECK(running.server.requests().empty());
}

TEST_CASE("a watcher stops while nothing arrives: no head, half a list, half a streamed one") {
  const bool streaming = GENERATE(true, false);
  const bool watcher_first = GENERATE(true, false);
  const std::size_t bytes = GENERATE(0, 100, 300);
  Arrival arrival;
  Running running(streaming);
  running.server.meet(arrival.stall_after(bytes));
  running.start();
  REQUIRE(arrival.wait());
  CHECK(running.stops(watcher_first));
}

TEST_CASE("a watcher stops while the next page of a list does not come") {
  Arrival arrival;
  Running running(false);
  running.server.meet([](const auto&, ScriptedWire& wire, const auto& serve) { serve(wire); });
  running.server.meet(arrival.stall_after(100));
  running.start();
  REQUIRE(arrival.wait());
  CHECK(running.stops());
  CHECK(running.server.requests().size() == 2);
}

TEST_CASE("a watcher stops while a watch is quiet") {
  const bool streaming = GENERATE(true, false);
  const bool watcher_first = GENERATE(true, false);
  Running running(streaming);
  running.start();
  REQUIRE(running.observer.wait(
      [](const Reported& reported) { return reported.health.synced && !reported.health.stale_since; }));
  CHECK(running.stops(watcher_first));
}

TEST_CASE("a watcher stops while it waits after a failure, and needs no transport for that") {
  Running running(true);
  running.server.meet(refusal(500, "InternalError"));
  running.start();
  REQUIRE(running.observer.wait([](const Reported& reported) { return !reported.last_errors.empty(); }));
  running.stop_watcher();
  CHECK(running.returns());
  CHECK(running.server.requests().size() == 1);
}

TEST_CASE("a watcher stops during an endless stream of events") {
  const bool watcher_first = GENERATE(true, false);
  Running running(true);
  int version = 0;
  running.server.set_on_idle([&] { return running.server.put("a", '"' + std::to_string(++version) + '"'), true; });
  running.start();
  REQUIRE(running.observer.wait([](const Reported& reported) { return reported.deliveries.size() > 100; }));
  CHECK(running.stops(watcher_first));
}

}  // namespace
}  // namespace selvage::testing
