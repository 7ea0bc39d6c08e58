#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "k8s_client/watch/watcher.h"

namespace selvage::k8s_client {

/// The reports of a Watcher of Namespaces, for any thread to read.
struct Reported {
  std::map<std::string, std::string> objects;  ///< the sum of all events: name and label "says"
  std::vector<std::size_t> deliveries;         ///< events in each
  std::size_t removals = 0;
  std::size_t lists = 0;
  std::size_t listed = 0;  ///< objects, when a list was whole last
  std::vector<ObjectError> errors;
  bool complete = false;
  bool odd = false;  ///< an object was removed that was not there
  WatchHealth health;
  std::vector<std::string> last_errors;  ///< each that was reported, once in a row
};

/// Longer than anything takes that succeeds.
inline constexpr std::chrono::seconds kPatience{60};

class KeepingObserver : public WatchObserver {
 public:
  void changed(Resource /*resource*/, Update update, bool complete) override {
    const std::lock_guard lock(mutex_);
    reported_.deliveries.push_back(update.events.size());
    for (auto& event : update.events) apply(event);
    for (auto& error : update.errors) reported_.errors.push_back(std::move(error));
    reported_.complete = complete;
    changed_.notify_all();
  }
  void listed(Resource /*resource*/, std::size_t objects) override {
    const std::lock_guard lock(mutex_);
    ++reported_.lists;
    reported_.listed = objects;
    changed_.notify_all();
  }
  void health(Resource /*resource*/, const WatchHealth& health) override {
    const std::lock_guard lock(mutex_);
    const bool news = !health.last_error.empty() && health.last_error != reported_.health.last_error;
    if (news) reported_.last_errors.push_back(health.last_error);
    reported_.health = health;
    changed_.notify_all();
  }

  [[nodiscard]] Reported reported() const {
    const std::lock_guard lock(mutex_);
    return reported_;
  }
  /// Waits until `enough` returns true for the reports. False: it never does.
  template <class Enough>
  [[nodiscard]] bool wait(const Enough& enough) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return enough(reported_); });
  }

 private:
  void apply(const policy::Event& event) {
    if (event.object) {
      const auto& labels = std::get<policy::Namespace>(*event.object).labels;
      const auto label = labels.find("says");
      reported_.objects.insert_or_assign(event.key.name, label ? std::string(*label) : "");
      return;
    }
    ++reported_.removals;
    if (reported_.objects.erase(event.key.name) == 0) reported_.odd = true;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Reported reported_;
};

}  // namespace selvage::k8s_client
