#include "tests/cluster/faults.h"

namespace selvage::testing {

Fault answer(const std::string& status, const std::string& body, const std::string& headers, const std::string& type) {
  return raw_answer("HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\nConnection: close\r\n" + headers + "\r\n" + body);
}

void FaultTable::set(const std::string& match, const Fault& fault) {
  const std::lock_guard lock(mutex_);
  rules_.push_back({match, fault});
  ++change_;
}

void FaultTable::clear() {
  const std::lock_guard lock(mutex_);
  rules_.clear();
  injections_.clear();
  ++change_;
}

void FaultTable::inject(const std::string& match, const std::string& bytes, std::size_t streams) {
  const std::lock_guard lock(mutex_);
  injections_.push_back({match, bytes, streams, {}});
}

bool FaultTable::all_taken() const {
  std::unique_lock lock(mutex_);
  return taken_.wait_for(lock, std::chrono::seconds(30), [&] { return injections_.empty(); });
}

std::string FaultTable::take_injections(const std::string& path, const std::string& target) {
  const std::lock_guard lock(mutex_);
  std::string bytes;
  for (Injection& injection : injections_) {
    if (target.find(injection.match) == std::string::npos || !injection.paths.insert(path).second) continue;
    bytes += injection.bytes;
  }
  std::erase_if(injections_, [](const Injection& injection) { return injection.paths.size() >= injection.streams; });
  taken_.notify_all();
  return bytes;
}

FaultTable::State FaultTable::of(const std::string& target) const {
  const std::lock_guard lock(mutex_);
  State state{{}, change_};
  for (const Rule& rule : rules_)
    if (target.find(rule.match) != std::string::npos) state.fault = rule.fault;
  return state;
}

}  // namespace selvage::testing
