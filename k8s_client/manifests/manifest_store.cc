#include "k8s_client/manifests/manifest_store.h"

#include <algorithm>
#include <utility>

#include "k8s_client/decode/decode.h"

namespace selvage::k8s_client {
namespace {

using policy::Namespace;
using policy::ObjectKey;

/// The key of an object's namespace; with an empty name for a Namespace.
ObjectKey namespace_key(const ObjectKey& key) { return policy::key_of(Namespace{key.namespace_name, {}}); }

template <class Mentions>
bool mentions(const Mentions& list, const ObjectKey& key) {
  return std::any_of(list.begin(), list.end(), [&](const auto& one) { return one.key == key; });
}

}  // namespace

std::vector<ManifestStore::Mention> ManifestStore::mentions_of(Manifests& manifests) {
  std::vector<Mention> list;
  std::set<ObjectKey> closed;
  for (auto& decoded : manifests.objects) {
    ObjectKey key = policy::key_of(decoded.object);
    if (decoded.fallback) closed.insert(key);
    list.push_back({std::move(key), decoded.line, std::move(decoded.object), !decoded.fallback});
  }
  for (const auto& error : manifests.errors) {
    const bool known =
        !error.object || closed.count(*error.object) > 0 || std::ranges::any_of(list, [&](const auto& one) {
          return one.object && one.key == *error.object && one.line == error.line;
        });
    if (!known) list.push_back({*error.object, error.line, std::nullopt, false});
  }
  std::stable_sort(list.begin(), list.end(), [](const Mention& a, const Mention& b) { return a.line < b.line; });
  return list;
}

void ManifestStore::set_file(const std::string& file, Manifests manifests) {
  File fresh{mentions_of(manifests), std::move(manifests.errors), std::move(manifests.unsupported), manifests.complete};
  File& held = files_[file];
  if (!fresh.complete) {
    std::set<ObjectKey> mentioned;
    for (const auto& mention : fresh.mentions) mentioned.insert(mention.key);
    for (auto& mention : held.mentions) {
      if (mentioned.insert(mention.key).second) fresh.mentions.push_back(std::move(mention));
    }
  }
  held = std::move(fresh);
}

void ManifestStore::set_unreadable(const std::string& file, DecodeError why) {
  File& held = files_[file];
  held.errors = {std::move(why)};
  held.complete = false;
}

void ManifestStore::remove_file(const std::string& file) { files_.erase(file); }

bool ManifestStore::holds_objects(const std::string& file) const {
  const auto held = files_.find(file);
  return held != files_.end() && !held->second.mentions.empty();
}

Changes ManifestStore::take_changes() {
  Changes changes;
  for (const auto& [name, file] : files_) {
    changes.errors.insert(changes.errors.end(), file.errors.begin(), file.errors.end());
    for (const auto& [type, count] : file.unsupported) changes.unsupported[type] += count;
  }
  const Winners winners = pick_winners(changes.errors);
  remember_good(winners);
  Objects objects = resolve(winners);
  changes.complete = is_complete(objects, winners);
  add_used_namespaces(objects, winners);
  for (const auto& [key, object] : delivered_) {
    if (objects.count(key) == 0) changes.events.push_back(policy::removal(key));
  }
  for (const auto& [key, object] : objects) {
    const auto before = delivered_.find(key);
    if (before == delivered_.end() || before->second != object) changes.events.push_back(policy::upsert(object));
  }
  std::sort(changes.events.begin(), changes.events.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  delivered_ = std::move(objects);
  std::sort(changes.errors.begin(), changes.errors.end());
  std::set<DecodeError> now(changes.errors.begin(), changes.errors.end());
  std::set_difference(now.begin(), now.end(), reported_.begin(), reported_.end(),
                      std::back_inserter(changes.new_errors));
  reported_ = std::move(now);
  return changes;
}

ManifestStore::Winners ManifestStore::pick_winners(std::vector<DecodeError>& errors) const {
  Winners winners;
  for (const auto& [name, file] : files_) {
    for (const auto& mention : file.mentions) {
      const auto [first, fresh] = winners.try_emplace(mention.key, Winner{&name, &mention});
      if (fresh) continue;
      const std::string place = *first->second.file + ":" + std::to_string(first->second.mention->line);
      errors.push_back(
          {name, mention.line, mention.key, "", "already defined in " + place + ", which is used; keep one"});
    }
  }
  return winners;
}

void ManifestStore::remember_good(const Winners& winners) {
  std::erase_if(last_good_, [&](const auto& entry) { return winners.count(entry.first) == 0; });
  for (const auto& [key, winner] : winners) {
    if (winner.mention->good) last_good_.insert_or_assign(key, *winner.mention->object);
  }
}

ManifestStore::Objects ManifestStore::resolve(const Winners& winners) const {
  Objects objects = last_good_;
  for (const auto& [key, winner] : winners) {
    if (winner.mention->object) objects.try_emplace(key, *winner.mention->object);
  }
  return objects;
}

bool ManifestStore::all_identified() const {
  return std::all_of(files_.begin(), files_.end(), [](const auto& file) { return file.second.complete; });
}

bool ManifestStore::is_complete(const Objects& resolved, const Winners& winners) const {
  return all_identified() && std::all_of(winners.begin(), winners.end(),
                                         [&](const auto& winner) { return resolved.count(winner.first) > 0; });
}

void ManifestStore::add_used_namespaces(Objects& objects, const Winners& winners) const {
  const bool all_known = all_identified();
  std::set<ObjectKey> used;
  for (const auto& [key, object] : objects) {
    if (!key.namespace_name.empty()) used.insert(namespace_key(key));
  }
  for (const auto& key : used) {
    const bool may_be_new = all_known || delivered_.count(key) > 0;
    // A bad Namespace stays unknown, as its labels are.
    if (!may_be_new || winners.count(key) > 0) continue;
    objects.try_emplace(key, Namespace{key.name, {{kNamespaceNameLabel, key.name}}});
  }
}

}  // namespace selvage::k8s_client
