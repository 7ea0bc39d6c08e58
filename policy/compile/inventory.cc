#include "policy/compile/inventory.h"

#include <algorithm>
#include <tuple>

namespace selvage::policy {

const NamedPort* PodRecord::find_port(Protocol protocol, const std::string& port_name) const {
  for (const auto& port : ports) {
    if (port.protocol == protocol && port.name == port_name) return &port;
  }
  return nullptr;
}

std::size_t Inventory::PodHash::operator()(const PodKey& key) const {
  return std::hash<std::string_view>{}(key.name) * 31 + key.namespace_id;
}

std::size_t Inventory::ProfileHash::operator()(const ProfileKey& key) const {
  return std::hash<std::string_view>{}(key.packed_labels) * 31 + key.namespace_id;
}

bool Inventory::PodEqual::operator()(const PodKey& a, PodId b) const {
  const PodKey other = inventory->key_of(b);
  return a.namespace_id == other.namespace_id && a.name == other.name;
}

void Inventory::set(const Namespace& object) {
  const NamespaceId* found = find_namespace(object.name);
  if (found != nullptr && record_of(*found).known) {
    NamespaceRecord& record = record_of(*found);
    if (record.labels == object.labels) return;
    record.labels = object.labels;
    changes_.namespaces.insert(*found);
    return;
  }
  const NamespaceId id = hold_namespace(object.name);
  record_of(id).known = true;
  record_of(id).labels = object.labels;
  changes_.namespaces.insert(id);
}

void Inventory::remove_namespace(const std::string& name) {
  const NamespaceId* found = find_namespace(name);
  if (found == nullptr || !namespace_at(*found).known) return;
  const NamespaceId id = *found;
  record_of(id).known = false;
  record_of(id).labels = {};
  changes_.namespaces.insert(id);
  release_namespace(id);
}

NamespaceId Inventory::hold_namespace(const std::string& name) {
  const NamespaceId* known = find_namespace(name);
  const NamespaceId id = known != nullptr ? *known : new_namespace_id();
  if (known == nullptr) {
    namespace_ids_.emplace(name, id);
    namespaces_[id].name = name;
    changes_.namespaces.insert(id);
  }
  ++holds_[id];
  return id;
}

NamespaceId Inventory::new_namespace_id() {
  if (free_namespaces_.empty()) return next_namespace_++;
  const NamespaceId id = free_namespaces_.back();
  free_namespaces_.pop_back();
  return id;
}

void Inventory::release_namespace(NamespaceId id) {
  if (--holds_[id] > 0) return;
  holds_.erase(id);
  namespace_ids_.erase(namespaces_.at(id).name);
  namespaces_.erase(id);
  changes_.namespaces.erase(id);
  free_namespaces_.push_back(id);
}

const NamespaceId* Inventory::find_namespace(const std::string& name) const {
  const auto it = namespace_ids_.find(name);
  return it == namespace_ids_.end() ? nullptr : &it->second;
}

const PodId* Inventory::owner(const IpAddress& address) const {
  const auto it = owners_.find(address);
  return it == owners_.end() ? nullptr : &it->second;
}

std::string Inventory::pod_name(PodId id) const {
  return qualified_name(namespaces_.at(pods_[id].namespace_id).name, pods_[id].name);
}

const PodId* Inventory::find_pod(const PodKey& key) const {
  const auto it = pod_ids_.find(key);
  return it == pod_ids_.end() ? nullptr : &*it;
}

void Inventory::set(const Pod& object) {
  if (object.finished || object.host_network) return remove_pod(object.namespace_name, object.name);
  const NamespaceId* known = find_namespace(object.namespace_name);
  const PodId* found = known == nullptr ? nullptr : find_pod({*known, object.name});
  const bool is_new = found == nullptr;
  const PodId id = is_new ? add_record(object, hold_namespace(object.namespace_name)) : *found;

  set_local(id, object.node == node_);
  PodRecord& record = pods_[id];
  if (is_new || labels(id) != object.labels) {
    if (!is_new) leave_profile(id);
    join_profile(id, object.labels);
    mark(id);
  }
  if (record.ports != object.ports) {
    record.ports = object.ports;
    mark(id);
  }
  const bool aged = record.created != object.created;
  record.created = object.created;
  set_addresses(id, object.addresses);
  if (aged) {
    for (const auto& address : record) elect(address);
  }
}

void Inventory::remove_pod(const std::string& namespace_name, const std::string& name) {
  const NamespaceId* known = find_namespace(namespace_name);
  const PodId* found = known == nullptr ? nullptr : find_pod({*known, name});
  if (found != nullptr) remove_record(*found);
}

PodId Inventory::add_record(const Pod& object, NamespaceId namespace_id) {
  PodId id = static_cast<PodId>(pods_.size());
  if (free_pods_.empty()) {
    pods_.emplace_back();
  } else {
    id = free_pods_.back();
    free_pods_.pop_back();
  }
  PodRecord& record = pods_[id];
  record = {};
  record.name = object.name;
  record.created = object.created;
  record.exists = true;
  record.namespace_id = namespace_id;
  pod_ids_.insert(id);
  return id;
}

void Inventory::remove_record(PodId id) {
  set_addresses(id, {});
  set_local(id, false);
  leave_profile(id);
  pod_ids_.erase(id);
  pods_[id].exists = false;
  release_namespace(pods_[id].namespace_id);
  free_pods_.push_back(id);
}

/// Marks a pod whose predicates or policies may have changed.
void Inventory::mark(PodId id) {
  const PodRecord& record = pods_[id];
  if (record.local) changes_.local_pods.insert(id);
  for (const auto& address : record) changes_.addresses.insert(address);
}

void Inventory::set_local(PodId id, bool local) {
  PodRecord& record = pods_[id];
  if (record.local == local) return;
  record.local = local;
  changes_.local_pods.insert(id);
  auto& local_pods = record_of(record.namespace_id).local_pods;
  if (local) {
    local_pods.insert(id);
  } else {
    local_pods.erase(id);
  }
}

void Inventory::set_addresses(PodId id, const std::vector<IpAddress>& addresses) {
  PodRecord& record = pods_[id];
  if (std::equal(record.begin(), record.end(), addresses.begin(), addresses.end())) return;
  for (const auto& address : record) unclaim(address, id);
  record.address_count = static_cast<std::uint8_t>(std::min(addresses.size(), record.addresses.size()));
  std::copy_n(addresses.begin(), record.address_count, record.addresses.begin());
  for (const auto& address : record) claim(address, id);
  if (record.local) changes_.local_pods.insert(id);
}

ProfileId Inventory::add_profile(NamespaceId namespace_id, const Labels& labels) {
  auto id = static_cast<ProfileId>(profiles_.size());
  if (free_profiles_.empty()) {
    profiles_.emplace_back();
  } else {
    id = free_profiles_.back();
    free_profiles_.pop_back();
  }
  profiles_[id] = {namespace_id, labels, {}};
  profile_ids_.insert(id);
  record_of(namespace_id).profiles.insert(id);
  changes_.profiles.insert(id);
  return id;
}

void Inventory::join_profile(PodId id, const Labels& labels) {
  PodRecord& record = pods_[id];
  const auto known = profile_ids_.find(ProfileKey{record.namespace_id, labels.packed()});
  record.profile = known == profile_ids_.end() ? add_profile(record.namespace_id, labels) : *known;
  Profile& joined = profiles_[record.profile];
  record.slot = static_cast<std::uint32_t>(joined.pods.size());
  joined.pods.push_back(id);
}

void Inventory::leave_profile(PodId id) {
  const PodRecord& record = pods_[id];
  Profile& left = profiles_[record.profile];
  left.pods[record.slot] = left.pods.back();
  pods_[left.pods.back()].slot = record.slot;
  left.pods.pop_back();
  if (!left.pods.empty()) return;
  changes_.profiles.erase(record.profile);
  record_of(left.namespace_id).profiles.erase(record.profile);
  profile_ids_.erase(record.profile);
  left = {};
  free_profiles_.push_back(record.profile);
}

void Inventory::claim(const IpAddress& address, PodId id) {
  const auto contested = contested_.find(address);
  const PodId* holder = owner(address);
  if (contested != contested_.end()) {
    contested->second.insert(id);
  } else if (holder != nullptr) {
    contested_[address] = {*holder, id};
  } else {
    owners_[address] = id;
    changes_.addresses.insert(address);
    return;
  }
  elect(address);
}

void Inventory::unclaim(const IpAddress& address, PodId id) {
  changes_.addresses.insert(address);
  const auto contested = contested_.find(address);
  if (contested == contested_.end()) {
    owners_.erase(address);
    return;
  }
  contested->second.erase(id);
  elect(address);
  if (contested->second.size() == 1) contested_.erase(contested);
}

/// Gives a contested address to the claim of highest rank.
void Inventory::elect(const IpAddress& address) {
  const auto contested = contested_.find(address);
  if (contested == contested_.end()) return;
  const auto& claims = contested->second;
  const PodId best =
      *std::max_element(claims.begin(), claims.end(), [this](PodId a, PodId b) { return outranks(b, a); });
  PodId& current = owners_[address];
  if (current == best) return;
  for (const PodId id : {current, best}) {
    if (pods_[id].local) changes_.local_pods.insert(id);
  }
  current = best;
  changes_.addresses.insert(address);
}

bool Inventory::outranks(PodId a, PodId b) const {
  const auto rank = [this](PodId id) {
    const PodRecord& record = pods_[id];
    return std::tie(record.created, namespaces_.at(record.namespace_id).name, record.name);
  };
  return rank(a) > rank(b);
}

void Inventory::visit(const std::function<void(const Object&)>& visitor) const {
  for (const auto& [id, record] : namespaces_) {
    if (record.known) visitor(Namespace{record.name, record.labels, {}});
  }
  for (PodId id = 0; id < pods_.size(); ++id) {
    const PodRecord& record = pods_[id];
    if (!record.exists) continue;
    Pod pod;
    pod.namespace_name = namespace_at(record.namespace_id).name;
    pod.name = record.name;
    pod.node = record.local ? node_ : std::string();
    pod.labels = labels(id);
    pod.addresses.assign(record.begin(), record.end());
    pod.created = record.created;
    pod.ports = record.ports;
    visitor(pod);
  }
}

}  // namespace selvage::policy
