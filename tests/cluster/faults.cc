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
  ++change_;
}

void FaultTable::inject(const std::string& match, const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  injections_.push_back({match, bytes});
}

FaultTable::State FaultTable::of(const std::string& target) const {
  const std::lock_guard lock(mutex_);
  State state{{}, change_};
  for (const Rule& rule : rules_)
    if (target.find(rule.match) != std::string::npos) state.fault = rule.fault;
  return state;
}

std::size_t FaultTable::injections() const {
  const std::lock_guard lock(mutex_);
  return injections_.size();
}

std::string FaultTable::injected(const std::string& target, std::size_t seen) const {
  const std::lock_guard lock(mutex_);
  std::string bytes;
  for (std::size_t i = seen; i < injections_.size(); ++i)
    if (target.find(injections_[i].match) != std::string::npos) bytes += injections_[i].bytes;
  return bytes;
}

}  // namespace selvage::testing
