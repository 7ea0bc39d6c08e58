#pragma once

#include <cstddef>

#include "base/clock.h"
#include "base/mutex.h"
#include "k8s_client/api/transport.h"
#include "k8s_client/decode/resource.h"
#include "k8s_client/json/json_decoder.h"
#include "k8s_client/watch/list_watch.h"
#include "k8s_client/watch/object_store.h"

namespace selvage::k8s_client {

/// Receives the reports of a Watcher, one call at a time, while Watcher::run runs: in its thread or in a thread of the
/// transport.
class WatchObserver {
 public:
  virtual ~WatchObserver() = default;
  /// Objects changed or were refused. `complete` is ObjectStore::complete.
  virtual void changed(Resource resource, Update update, bool complete) = 0;
  /// A list is complete, and all of its changes have been reported.
  virtual void listed(Resource resource, std::size_t objects) = 0;
  /// After each request, and when a watch is accepted.
  virtual void health(Resource resource, const WatchHealth& health) = 0;
};

/// Lists and watches one resource: sends the requests of a ListWatch over a Transport, and decodes the answers.
class Watcher {
 public:
  /// `transport` and `observer` must outlive this object.
  Watcher(Resource resource, const ListWatchOptions& options, Transport& transport, WatchObserver& observer);

  /// Runs until `stop`. Blocks; call it once.
  void run();
  /// Makes `run` return as soon as its request has ended (Transport::stop ends it). From any thread.
  void stop();

 private:
  [[nodiscard]] bool stopped();
  void wait_until(Moment moment);
  void request(const ListWatch::Get& get);

  Resource resource_;
  Transport& transport_;
  WatchObserver& observer_;
  ListWatch list_watch_;
  ObjectStore store_;
  JsonDecoder decoder_;

  Mutex mutex_;
  ConditionVariable stopping_;
  bool stopped_ GUARDED_BY(mutex_) = false;
};

}  // namespace selvage::k8s_client
