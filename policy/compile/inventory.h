#pragma once

#include <tsl/robin_set.h>

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "policy/compile/node_policy.h"

namespace selvage::policy {

using NamespaceId = std::uint32_t;
using ProfileId = std::uint32_t;

/// A namespace that exists, or that pods name.
struct NamespaceRecord {
  std::string name;
  bool known = false;  ///< there is a Namespace object
  Labels labels;       ///< of that object
  std::set<ProfileId> profiles;
  std::set<PodId> local_pods;
};

/// All pods of one namespace with equal labels: they satisfy the same label predicates.
struct Profile {
  NamespaceId namespace_id = 0;
  Labels labels;
  std::vector<PodId> pods;
};

/// A pod that counts: neither finished nor on the host's network.
struct PodRecord {
  std::string name;
  std::vector<NamedPort> ports;
  std::int64_t created = 0;
  std::array<IpAddress, 2> addresses;
  std::uint8_t address_count = 0;
  bool exists = false;
  bool local = false;  ///< bound to this node
  NamespaceId namespace_id = 0;
  ProfileId profile = 0;
  std::uint32_t slot = 0;  ///< where in Profile::pods

  /// The first port of this name and protocol, or nullptr.
  [[nodiscard]] const NamedPort* find_port(Protocol protocol, const std::string& port_name) const;
  [[nodiscard]] const IpAddress* begin() const { return addresses.data(); }
  [[nodiscard]] const IpAddress* end() const { return addresses.data() + address_count; }
};

/// Changes of the inventory that the records do not include yet.
struct InventoryChanges {
  std::set<PodId> local_pods;                          ///< appeared, changed or gone (PodRecord::exists says)
  std::set<NamespaceId> namespaces;                    ///< new, or with other labels
  std::set<ProfileId> profiles;                        ///< new
  tsl::robin_set<IpAddress, IpAddressHash> addresses;  ///< with another owner, or whose owner changed
};

/// Namespaces and pods, stored compactly and indexed for the compiler: which pod owns an address, which
/// pods share labels. An address that several pods claim belongs to the one with the greatest
/// (created, namespace, name). Not thread-safe. Ids are reused after a removal.
class Inventory {
 public:
  explicit Inventory(std::string node) : node_(std::move(node)) {}
  Inventory(const Inventory&) = delete;  // the index of pods points back here
  Inventory& operator=(const Inventory&) = delete;

  void set(const Namespace& object);
  void remove_namespace(const std::string& name);
  /// A pod that does not count (finished, host network) is removed.
  void set(const Pod& object);
  void remove_pod(const std::string& namespace_name, const std::string& name);

  [[nodiscard]] const NamespaceRecord& namespace_at(NamespaceId id) const { return namespaces_.at(id); }
  [[nodiscard]] const std::map<NamespaceId, NamespaceRecord>& namespaces() const { return namespaces_; }
  /// nullptr where no such namespace is known and no pod names it.
  [[nodiscard]] const NamespaceId* find_namespace(const std::string& name) const;
  [[nodiscard]] const Profile& profile(ProfileId id) const { return profiles_[id]; }
  [[nodiscard]] const Labels& labels(PodId id) const { return profiles_[pods_[id].profile].labels; }
  [[nodiscard]] const PodRecord& pod(PodId id) const { return pods_[id]; }
  /// The pod that owns the address, or nullptr.
  [[nodiscard]] const PodId* owner(const IpAddress& address) const;
  /// In address order.
  [[nodiscard]] const std::map<IpAddress, PodId>& owners() const { return owners_; }
  /// "namespace/name".
  [[nodiscard]] std::string pod_name(PodId id) const;
  [[nodiscard]] std::size_t pod_count() const { return pods_.size() - free_pods_.size(); }

  /// Visits objects from which an equal inventory can be made: known namespaces, then pods (without their uid, which is
  /// not kept; pods of other nodes are bound to none).
  void visit(const std::function<void(const Object&)>& visitor) const;

  [[nodiscard]] InventoryChanges take_changes() { return std::exchange(changes_, {}); }

 private:
  struct PodKey {
    NamespaceId namespace_id;
    std::string_view name;
  };
  struct PodHash {
    using is_transparent = void;
    const Inventory* inventory;
    std::size_t operator()(const PodKey& key) const;
    std::size_t operator()(PodId id) const { return (*this)(inventory->key_of(id)); }
  };
  struct PodEqual {
    using is_transparent = void;
    const Inventory* inventory;
    bool operator()(const PodKey& a, PodId b) const;
    bool operator()(PodId a, const PodKey& b) const { return (*this)(b, a); }
    bool operator()(PodId a, PodId b) const { return a == b; }
  };

  struct ProfileKey {
    NamespaceId namespace_id;
    std::string_view packed_labels;
    friend bool operator==(const ProfileKey&, const ProfileKey&) = default;
  };
  struct ProfileHash {
    using is_transparent = void;
    const Inventory* inventory;
    std::size_t operator()(const ProfileKey& key) const;
    std::size_t operator()(ProfileId id) const { return (*this)(inventory->profile_key(id)); }
  };
  struct ProfileEqual {
    using is_transparent = void;
    const Inventory* inventory;
    bool operator()(const ProfileKey& a, ProfileId b) const { return a == inventory->profile_key(b); }
    bool operator()(ProfileId a, const ProfileKey& b) const { return (*this)(b, a); }
    bool operator()(ProfileId a, ProfileId b) const { return a == b; }
  };

  [[nodiscard]] ProfileKey profile_key(ProfileId id) const {
    const Profile& profile = profiles_[id];
    return {profile.namespace_id, profile.labels.packed()};
  }
  /// Finds or makes the record of a namespace, and holds it until it is released as often.
  NamespaceId hold_namespace(const std::string& name);
  void release_namespace(NamespaceId id);
  [[nodiscard]] NamespaceId new_namespace_id();
  [[nodiscard]] NamespaceRecord& record_of(NamespaceId id) { return namespaces_.at(id); }
  ProfileId add_profile(NamespaceId namespace_id, const Labels& labels);
  [[nodiscard]] PodKey key_of(PodId id) const { return {pods_[id].namespace_id, pods_[id].name}; }
  [[nodiscard]] const PodId* find_pod(const PodKey& key) const;
  PodId add_record(const Pod& object, NamespaceId namespace_id);
  void remove_record(PodId id);
  void mark(PodId id);
  void set_local(PodId id, bool local);
  void set_addresses(PodId id, const std::vector<IpAddress>& addresses);
  void join_profile(PodId id, const Labels& labels);
  void leave_profile(PodId id);
  void claim(const IpAddress& address, PodId id);
  void unclaim(const IpAddress& address, PodId id);
  void elect(const IpAddress& address);
  [[nodiscard]] bool outranks(PodId a, PodId b) const;

  std::string node_;
  std::map<NamespaceId, NamespaceRecord> namespaces_;
  std::map<NamespaceId, std::uint32_t> holds_;
  std::map<std::string, NamespaceId, std::less<>> namespace_ids_;
  NamespaceId next_namespace_ = 0;
  std::vector<NamespaceId> free_namespaces_;
  std::vector<Profile> profiles_;
  std::vector<ProfileId> free_profiles_;
  /// Holds no copy of the labels: if all pods have different labels, profiles take most of the memory.
  tsl::robin_set<ProfileId, ProfileHash, ProfileEqual> profile_ids_{0, ProfileHash{this}, ProfileEqual{this}};
  std::vector<PodRecord> pods_;
  std::vector<PodId> free_pods_;
  tsl::robin_set<PodId, PodHash, PodEqual> pod_ids_{0, PodHash{this}, PodEqual{this}};
  std::map<IpAddress, PodId> owners_;
  std::map<IpAddress, std::set<PodId>> contested_;  ///< all claims, where there is more than one
  InventoryChanges changes_;
};

}  // namespace selvage::policy
