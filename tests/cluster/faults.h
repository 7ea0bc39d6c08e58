#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace selvage::testing {

/// What a FaultProxy does with a response.
struct Fault {
  enum class Kind : std::uint8_t {
    none,
    stall,   ///< keeps the connection and forwards nothing
    cut,     ///< ends the connection after `bytes` more of the body
    drip,    ///< forwards `bytes` at a time, every `interval`
    answer,  ///< answers by itself, with `answer` as it is, and ends the connection
  };
  Kind kind = Kind::none;
  std::size_t bytes = 0;
  std::chrono::milliseconds interval{0};
  std::string answer;
};

inline Fault stall() { return {Fault::Kind::stall}; }
inline Fault cut_after(std::size_t bytes) { return {Fault::Kind::cut, bytes}; }
inline Fault drip(std::size_t bytes, std::chrono::milliseconds interval) {
  return {Fault::Kind::drip, bytes, interval};
}
/// Bytes that need not be HTTP, and the end of the connection.
inline Fault raw_answer(std::string bytes) { return {Fault::Kind::answer, 0, {}, std::move(bytes)}; }
/// `status`: "429 Too Many Requests"; `headers`: "Retry-After: 1\r\n".
Fault answer(const std::string& status, const std::string& body, const std::string& headers = {},
             const std::string& type = "application/json");

/// Which faults there are at the moment. Thread-safe.
class FaultTable {
 public:
  void set(const std::string& match, const Fault& fault);
  /// Forgets all faults, and injections that were not taken.
  void clear();
  /// Adds bytes that each of the next `streams` watches, each of another resource, takes in once.
  void inject(const std::string& match, const std::string& bytes, std::size_t streams);
  /// Waits until all injections were taken, half a minute at most; whether they were.
  [[nodiscard]] bool all_taken() const;
  /// What was injected for a watch of `path`, which has not taken it yet.
  [[nodiscard]] std::string take_injections(const std::string& path, const std::string& target);

  struct State {
    Fault fault;
    std::uint64_t change = 0;  ///< number of the last change of faults
  };
  [[nodiscard]] State of(const std::string& target) const;

 private:
  struct Rule {
    std::string match;
    Fault fault;
  };
  struct Injection {
    std::string match;
    std::string bytes;
    std::size_t streams;          ///< that take it
    std::set<std::string> paths;  ///< of those that did
  };
  mutable std::mutex mutex_;
  mutable std::condition_variable taken_;
  std::vector<Rule> rules_;
  std::vector<Injection> injections_;
  std::uint64_t change_ = 1;
};

}  // namespace selvage::testing
