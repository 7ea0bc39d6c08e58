#pragma once

#include <functional>
#include <string>
#include <vector>

#include "k8s_client/watch/watcher.h"
#include "tests/support/memory_api_server.h"
#include "tests/watch/keeping_observer.h"

namespace selvage::k8s_client {

/// Options for fast tests: waits of a millisecond, pages of two objects.
inline ListWatchOptions impatient(bool streaming) {
  ListWatchOptions options;
  options.streaming_lists = streaming;
  options.page_size = 2;
  options.list_idle_limit = kPatience;
  options.watch_idle_limit = kPatience;
  options.first_wait = std::chrono::milliseconds(1);
  options.max_wait = std::chrono::milliseconds(2);
  options.max_retry_after = std::chrono::milliseconds(2);
  return options;
}

/// A Watcher and its server, in one thread: the server changes whenever a watch has sent all events.
class WatchedServer {
 public:
  /// True: there is something new to send. False: the watch is about to end.
  using Step = std::function<bool()>;

  explicit WatchedServer(const ListWatchOptions& options)
      : watcher_(Resource::namespaces, options, server.transport(), observer_) {
    for (const char* name : {"a", "b", "c", "d", "e"}) server.put(name, R"("first")");
  }

  /// Runs the watcher until all steps were done and a watch has sent everything.
  Reported run(std::vector<Step> steps = {}) {
    std::size_t next = 0;
    server.set_on_idle([&] {
      if (next < steps.size()) return steps[next++]();
      stop();
      return false;
    });
    watcher_.run();
    return observer_.reported();
  }
  void stop() {
    watcher_.stop();
    server.transport().stop();
  }

  /// Steps: the watch that runs ends, and the next request meets a fault.
  Step then_meet(testing::MemoryApiServer::Fault fault) {
    return [this, fault = std::move(fault)] {
      server.meet(fault);
      server.end_watches();
      return false;
    };
  }
  Step then_put(const std::string& name, const std::string& label) {
    return [=, this] { return server.put(name, label), true; };
  }
  Step then_remove(const std::string& name) {
    return [=, this] { return server.remove(name), true; };
  }
  /// The server forgets, after changes that the watch has not seen.
  Step then_compact() {
    return [this] {
      server.put("missed", R"("yes")");
      server.remove("a");
      server.compact();
      return true;
    };
  }

  testing::MemoryApiServer server;

 private:
  KeepingObserver observer_;
  Watcher watcher_;
};

}  // namespace selvage::k8s_client
