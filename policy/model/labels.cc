#include "policy/model/labels.h"

#include <algorithm>

namespace selvage::policy {

Labels::Labels(std::vector<Pair> pairs) {
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const bool repeated = i + 1 < pairs.size() && pairs[i + 1].first == pairs[i].first;
    if (repeated) continue;
    packed_.append(pairs[i].first).push_back('\0');
    packed_.append(pairs[i].second).push_back('\0');
  }
  packed_.shrink_to_fit();
}

std::optional<std::string_view> Labels::find(std::string_view key) const {
  std::string_view rest = packed_;
  while (!rest.empty()) {
    const auto key_end = rest.find('\0');
    const auto value_end = rest.find('\0', key_end + 1);
    if (rest.substr(0, key_end) == key) return rest.substr(key_end + 1, value_end - key_end - 1);
    rest.remove_prefix(value_end + 1);
  }
  return std::nullopt;
}

std::vector<Labels::Pair> Labels::pairs() const {
  std::vector<Pair> result;
  std::string_view rest = packed_;
  while (!rest.empty()) {
    const auto key_end = rest.find('\0');
    const auto value_end = rest.find('\0', key_end + 1);
    result.emplace_back(rest.substr(0, key_end), rest.substr(key_end + 1, value_end - key_end - 1));
    rest.remove_prefix(value_end + 1);
  }
  return result;
}

}  // namespace selvage::policy
