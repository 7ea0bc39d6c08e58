#include "k8s_client/watch/object_store.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace selvage::k8s_client {
namespace {

/// The key in the store's table. Neither part can contain a '/'.
std::string name_of(const policy::ObjectKey& key) { return qualified_name(key); }

/// Versions are opaque and only compared for equality; 0 stands for no version.
std::uint64_t hash_of(const std::string& version) {
  return version.empty() ? 0 : std::max<std::uint64_t>(1, std::hash<std::string>{}(version));
}

}  // namespace

void ObjectStore::begin_list() {
  ++list_;
  listed_.clear();
  unidentified_in_list_ = false;
}

void ObjectStore::add_item(ApiObject item, Update& update) {
  if (!item.key) {
    unidentified_in_list_ = true;
    if (item.error) update.errors.push_back(std::move(*item.error));
    return;
  }
  const auto found = known_.find(name_of(*item.key));
  const std::uint64_t version = hash_of(item.resource_version);
  if (found != known_.end() && version != 0 && found->second.version == version) {
    found.value().list = list_;
  } else if (first_list_done_) {
    listed_.push_back(std::move(item));
  } else {
    upsert(std::move(item), update);
  }
}

void ObjectStore::finish_list(Update& update) {
  for (ApiObject& item : std::exchange(listed_, {})) upsert(std::move(item), update);
  if (!unidentified_in_list_) drop_vanished(update);
  unidentified_ = unidentified_in_list_;
  first_list_done_ = true;
}

void ObjectStore::drop_vanished(Update& update) {
  std::vector<policy::ObjectKey> vanished;
  for (const auto& [name, entry] : known_) {
    if (entry.list != list_) vanished.push_back(key_of(name));
  }
  for (const auto& key : vanished) remove(key, update);
}

void ObjectStore::upsert(ApiObject object, Update& update) {
  const auto [found, added] = known_.try_emplace(name_of(*object.key));
  Entry& entry = found.value();
  if (added) ++without_version_;
  const std::uint64_t version = hash_of(object.resource_version);
  const bool news = added || version == 0 || version != entry.version;
  entry.version = version;
  entry.list = list_;
  const bool bad = object.error && object.error_spoils;
  if (object.error && news) update.errors.push_back(std::move(*object.error));
  if (!object.object || (bad && entry.stands == Stands::good)) return;
  if (entry.stands == Stands::nothing) --without_version_;
  entry.stands = bad ? Stands::fallback : Stands::good;
  update.events.push_back(policy::upsert(std::move(*object.object)));
}

void ObjectStore::remove(const policy::ObjectKey& key, Update& update) {
  const auto found = known_.find(name_of(key));
  if (found == known_.end()) return;
  if (found->second.stands == Stands::nothing) {
    --without_version_;
  } else {
    update.events.push_back(policy::removal(key));
  }
  known_.erase(found);
}

policy::ObjectKey ObjectStore::key_of(const std::string& name) const {
  const std::size_t slash = name.find('/');
  return {row_of(resource_).object_kind, name.substr(0, slash), name.substr(slash + 1)};
}

}  // namespace selvage::k8s_client
