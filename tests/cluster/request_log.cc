#include "tests/cluster/request_log.h"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace selvage::testing {
namespace {

std::string decoded(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const bool escaped = text[i] == '%' && i + 2 < text.size() &&
                         std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ec == std::errc();
    plain += escaped ? static_cast<char>(value) : text[i];
    if (escaped) i += 2;
  }
  return plain;
}

}  // namespace

std::string ProxiedRequest::value(const std::string& key) const {
  const auto found = query.find(key);
  return found == query.end() ? "" : found->second;
}

ProxiedRequest parse_request(const std::string& head) {
  ProxiedRequest request;
  request.head = head;
  std::string target;
  std::istringstream(head) >> request.method >> target;
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (question == std::string::npos) return request;
  std::istringstream pairs(target.substr(question + 1));
  for (std::string pair; std::getline(pairs, pair, '&');) {
    const std::size_t equals = pair.find('=');
    request.query[decoded(pair.substr(0, equals))] =
        equals == std::string::npos ? "" : decoded(pair.substr(equals + 1));
  }
  return request;
}

std::size_t RequestLog::add(ProxiedRequest request) {
  request.when = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  requests_.push_back(std::move(request));
  changed_.notify_all();
  return requests_.size() - 1;
}

void RequestLog::answered(std::size_t number, int status) {
  const std::lock_guard lock(mutex_);
  requests_[number].status = status;
  changed_.notify_all();
}

std::size_t RequestLog::mark() const {
  const std::lock_guard lock(mutex_);
  return requests_.size();
}

std::vector<ProxiedRequest> RequestLog::since(std::size_t from) const {
  const std::lock_guard lock(mutex_);
  return {requests_.begin() + static_cast<std::ptrdiff_t>(from), requests_.end()};
}

std::vector<ProxiedRequest> RequestLog::of(const std::string& path, std::size_t from, std::optional<int> status) const {
  std::vector<ProxiedRequest> all = since(from);
  std::erase_if(all, [&](const ProxiedRequest& request) {
    return request.path != path || request.status != status.value_or(request.status);
  });
  return all;
}

bool RequestLog::saw(std::size_t from, const Condition& such, std::size_t count) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(30), [&] {
    const auto first = requests_.begin() + static_cast<std::ptrdiff_t>(from);
    return std::count_if(first, requests_.end(), such) >= static_cast<std::ptrdiff_t>(count);
  });
}

}  // namespace selvage::testing
