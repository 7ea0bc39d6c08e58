#include <catch2/catch.hpp>
#include <cerrno>
#include <future>

#include "k8s_client/watch/watcher.h"
#include "tests/support/property.h"
#include "tests/support/random_values.h"
#include "tests/watch/watched_server.h"

/// A cluster that changes in one thread while another watches it, through one fault after the other.
namespace selvage::testing {
namespace {

using k8s_client::impatient;
using k8s_client::KeepingObserver;
using k8s_client::ListWatchOptions;
using k8s_client::Reported;
using k8s_client::Resource;
using k8s_client::Watcher;

MemoryApiServer::Fault random_fault(Random& random) {
  const std::size_t bytes = below(random, 1'500);
  switch (below(random, 6)) {
    case 0:
      return refusal(pick(random, std::array{400, 401, 403, 404, 410, 429, 500, 503}), "Whatever");
    case 1:
      return no_connection(pick(random, std::array{0, ECONNREFUSED, ETIMEDOUT}));
    case 2:
      return cut_after(bytes);
    case 3:
      return garbage_after(bytes);
    case 4:
      return silence_after(bytes);
    default:
      return in_parts(1 + bytes % 50);
  }
}

void change(Random& random, MemoryApiServer& server) {
  const std::string name = "o" + std::to_string(below(random, 8));
  const auto kind = below(random, 100);
  if (kind < 50) {
    server.put(name, '"' + std::to_string(below(random, 1'000)) + '"');
  } else if (kind < 75) {
    server.remove(name);
  } else if (kind < 85) {
    server.meet(random_fault(random));
  } else if (kind < 90) {
    server.end_watches();
  } else if (kind < 95) {
    server.send_bookmark();
  } else {
    server.compact();
  }
}

TEST_CASE("the known objects converge to the server's, whatever happens to it and its connections") {
  for_each_seed(25, [](Random& random) {
    ListWatchOptions options = impatient(chance(random, 50));
    options.list_idle_limit = options.watch_idle_limit = std::chrono::milliseconds(20);
    MemoryApiServer server;
    server.set_streaming(chance(random, 50));
    KeepingObserver observer;
    Watcher watcher(Resource::namespaces, options, server.transport(), observer);
    auto run = std::async(std::launch::async, [&] { watcher.run(); });
    for (int i = 0; i < 300; ++i) {
      change(random, server);
      // Now and then the watcher is let catch up; else it meets many changes at once.
      const auto objects = server.objects();
      if (chance(random, 5))
        CHECK(observer.wait([&](const Reported& reported) { return reported.objects == objects; }));
    }
    server.put("last", R"("one")");
    const auto objects = server.objects();
    CHECK(
        observer.wait([&](const Reported& reported) { return reported.objects == objects && reported.health.synced; }));
    watcher.stop();
    server.transport().stop();
    run.get();
    CHECK_FALSE(observer.reported().odd);
  });
}

}  // namespace
}  // namespace selvage::testing
