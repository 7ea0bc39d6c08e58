#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "controller/events/monitoring.h"
#include "controller/sources/mailbox.h"
#include "controller/sources/unsupported_poll.h"
#include "controller/sources/watch_log.h"
#include "k8s_client/config/api_config.h"
#include "k8s_client/watch/list_watch.h"
#include "k8s_client/watch/watcher.h"

namespace selvage::controller {

/// Watches the API server, with one thread for each resource, and puts changes into a mailbox. It is synced when a
/// first list of every resource is complete. While the server is away nothing is put, so that known objects stay. Logs
/// each bad object once, and when and why a watch is stale. One more thread writes Events, if they are wanted, and one
/// counts policies of other APIs.
class ApiSource : private k8s_client::WatchObserver {
 public:
  /// Starts the threads, which connect as soon as the server can be reached. `mailbox` and the members of `monitoring`
  /// must outlive this object.
  static Result<std::unique_ptr<ApiSource>> start(const k8s_client::ApiConfig& config,
                                                  const k8s_client::ListWatchOptions& options, Mailbox& mailbox,
                                                  const Monitoring& monitoring);
  ApiSource(const ApiSource&) = delete;
  ApiSource& operator=(const ApiSource&) = delete;
  /// Ends all requests and waits for the threads, for milliseconds.
  ~ApiSource() override;

  /// Whether an object was refused since the start. Thread-safe.
  [[nodiscard]] bool refused_any() const { return refused_any_; }

 private:
  ApiSource(std::unique_ptr<k8s_client::Transport> transport, const k8s_client::ListWatchOptions& options,
            Mailbox& mailbox, const Monitoring& monitoring);

  void changed(k8s_client::Resource resource, k8s_client::Update update, bool complete) override;
  void listed(k8s_client::Resource resource, std::size_t objects) override;
  void health(k8s_client::Resource resource, const k8s_client::WatchHealth& health) override;

  /// The watch of one resource. Only its thread uses it, except for the flags, which `mutex_` guards.
  struct Follower {
    std::unique_ptr<k8s_client::Watcher> watcher;
    WatchLog log;
    bool complete = true;
    bool listed = false;
    bool stale = true;
    std::thread thread;
  };
  [[nodiscard]] Follower& follower(k8s_client::Resource resource);

  std::unique_ptr<k8s_client::Transport> transport_;
  Mailbox& mailbox_;
  Monitoring monitoring_;
  Mutex mutex_;
  std::vector<Follower> followers_;  ///< in the order of Resource
  std::atomic<bool> refused_any_ = false;
  std::thread events_;
  UnsupportedPoll unsupported_;
  std::thread unsupported_thread_;
};

}  // namespace selvage::controller
