#include "k8s_client/watch/watcher.h"

#include <memory>
#include <random>
#include <variant>

#include "k8s_client/watch/exchange.h"

namespace selvage::k8s_client {
namespace {

/// A random number generator for each watcher, so that the watchers of a whole cluster do not reconnect at once.
ListWatch::Chance chance() {
  const auto generator = std::make_shared<std::minstd_rand>(std::random_device{}());
  return [generator] { return std::uniform_real_distribution<double>(0, 1)(*generator); };
}

ListWatchOptions options_for(Resource resource, ListWatchOptions options) {
  if (row_of(resource).presence == Presence::optional) options.presence = Presence::optional;
  return options;
}

}  // namespace

Watcher::Watcher(Resource resource, const ListWatchOptions& options, Transport& transport, WatchObserver& observer)
    : resource_(resource),
      transport_(transport),
      observer_(observer),
      list_watch_(resource, options_for(resource, options), chance()),
      store_(resource) {}

void Watcher::run() {
  while (!stopped()) {
    const auto step = list_watch_.next(Clock::now());
    if (const auto* wait = std::get_if<ListWatch::Wait>(&step)) {
      wait_until(wait->until);
    } else {
      request(std::get<ListWatch::Get>(step));
    }
  }
}

void Watcher::request(const ListWatch::Get& get) {
  Request request;
  request.target = get.target;
  request.idle_limit = get.idle_limit;
  request.compressed = get.body == ListWatch::Get::Body::list;
  Exchange exchange(resource_, get, list_watch_, store_, decoder_, observer_);
  const auto outcome = transport_.get(request, exchange);
  if (stopped()) return;
  exchange.end(outcome);
  observer_.health(resource_, list_watch_.health());
}

void Watcher::stop() {
  const MutexLock lock(mutex_);
  stopped_ = true;
  stopping_.notify_all();
}

bool Watcher::stopped() {
  const MutexLock lock(mutex_);
  return stopped_;
}

void Watcher::wait_until(Moment moment) {
  MutexLock lock(mutex_);
  while (!stopped_ && stopping_.wait_until(lock, moment)) {
  }
}

}  // namespace selvage::k8s_client
