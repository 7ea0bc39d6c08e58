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

/// A ListWatch with a clock and random numbers of the test.
class Driver {
 public:
  explicit Driver(const ListWatchOptions& options = {}, Resource resource = Resource::namespaces);
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  /// The request that is due, after a wait if one is due: "list", "list continue=X", "full list", "streaming list",
  /// "watch 5" (its resourceVersion); "wait, list" and so on after a wait.
  std::string next();
  /// The request that is due; fails the test if a wait is.
  ListWatch::Get get();
  /// Passes the wait that is due, and returns it; fails the test if a request is due.
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
  /// The random number, from 0 to 1; 0.5 at first.
  void set_chance(double chance) { chance_ = chance; }

 private:
  double chance_ = 0.5;
  Moment now_{1000h};
  ListWatch machine_;
};

/// Options without streamed lists.
[[nodiscard]] ListWatchOptions paged();
/// Reads a list at `version`, in one page, and requests a watch that is accepted.
void reach_watch(Driver& driver, const std::string& version = "5");

}  // namespace selvage::k8s_client
