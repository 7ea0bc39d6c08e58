#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace selvage::policy {

/// The change of the value at one key between two moments. `before` and `after` are never both empty.
template <class K, class V>
struct Change {
  K key;
  std::optional<V> before;
  std::optional<V> after;
};

/// A map that records its net changes: a value that is changed and changed back is no change. Not thread-safe.
///
///     set(k, v) ─┬─▶ values_    k ─▶ v                     values(), find()
///                └─▶ before_    k ─▶ value at the last      take_changes(): where values_ differs from before_
///                               take_changes (first write only)
template <class Map>
class TrackedMap {
 public:
  using Key = typename Map::key_type;
  using Value = typename Map::mapped_type;
  using Changes = std::vector<Change<Key, Value>>;

  [[nodiscard]] const Map& values() const { return values_; }
  /// The value at `key` or nullptr; valid until the map changes.
  [[nodiscard]] const Value* find(const Key& key) const {
    const auto it = values_.find(key);
    return it == values_.end() ? nullptr : &it->second;
  }

  void set(const Key& key, Value value) {
    const Value* old = find(key);
    if (old != nullptr && *old == value) return;
    remember(key, old);
    values_.insert_or_assign(key, std::move(value));
  }

  void erase(const Key& key) {
    const Value* old = find(key);
    if (old == nullptr) return;
    remember(key, old);
    values_.erase(key);
  }

  /// Records changes from here on; none before (a first load is taken whole).
  void start_tracking() { tracking_ = true; }

  /// The net changes since the last call (or since tracking started), in key order.
  [[nodiscard]] Changes take_changes() {
    Changes changes;
    for (auto& [key, before] : before_) {
      const Value* now = find(key);
      const bool same = before.has_value() ? now != nullptr && *now == *before : now == nullptr;
      if (!same)
        changes.push_back({key, std::move(before), now == nullptr ? std::nullopt : std::optional<Value>(*now)});
    }
    before_.clear();
    return changes;
  }

 private:
  void remember(const Key& key, const Value* old) {
    if (tracking_) before_.try_emplace(key, old == nullptr ? std::nullopt : std::optional<Value>(*old));
  }

  Map values_;
  std::map<Key, std::optional<Value>> before_;
  bool tracking_ = false;
};

}  // namespace selvage::policy
