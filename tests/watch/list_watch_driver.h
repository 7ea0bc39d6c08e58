#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "k8s_client/watch/list_watch.h"

namespace selvage::k8s_client {

using namespace std::chrono_literals;

[[nodiscard]] ApiStatus status_of(int code, std::string reason = {});
[[nodiscard]] WatchEvent bookmark(std::string version);
/// The bookmark that ends a list that is streamed.
[[nodiscard]] WatchEvent list_end(std::string version);
/// An event about namespace "a".
[[nodiscard]] WatchEvent event_of(WatchEvent::Type type, std::string version);
/// An event whose object has no readable name.
[[nodiscard]] WatchEvent nameless(std::string version);
[[nodiscard]] WatchEvent error_event(const ApiStatus& status);

/// A ListWatch with a clock and a die of the test's own.
class Driver {
 public:
  explicit Driver(const ListWatchOptions& options = {}, Resource resource = Resource::namespaces);
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  /// What is due, and if it is a wait lets it pass: "list", "list continue=X", "full list", "streaming list",
  /// "watch 5" (its resourceVersion), after "wait, " where a wait came before.
  std::string next();
  /// The request that is due; fails the test where a wait is.
  ListWatch::Get get();
  /// The wait that is due, and lets it pass; fails the test where a request is.
  std::chrono::milliseconds wait();
  void pass(std::chrono::milliseconds time) { now_ += time; }

  void accept() { machine_.accepted(now_); }
  void refuse(int code, const std::string& reason = {}) { refuse(status_of(code, reason)); }
  void refuse(const ApiStatus& status) { machine_.refused(status, now_); }
  bool page(const std::string& version, const std::string& token = {}) { return machine_.page({version, token}, now_); }
  ListWatch::Use event(const WatchEvent& event) { return machine_.event(event, now_); }
  void end() { machine_.ended(now_); }
  void breaks(int code) { machine_.broken({"broken", code}, now_); }

  [[nodiscard]] const ListWatch& machine() const { return machine_; }
  [[nodiscard]] Moment now() const { return now_; }
  /// What the die says next, from 0 to 1; 0.5 at first.
  void set_chance(double chance) { chance_ = chance; }

 private:
  double chance_ = 0.5;
  Moment now_{1000h};
  ListWatch machine_;
};

/// Options without streamed lists.
[[nodiscard]] ListWatchOptions paged();
/// Has listed at `version`, in one page, and asked for a watch that is accepted.
void reach_watch(Driver& driver, const std::string& version = "5");

}  // namespace selvage::k8s_client
