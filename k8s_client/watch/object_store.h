#pragma once

#include <tsl/robin_map.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "k8s_client/api/api_object.h"
#include "k8s_client/decode/resource.h"
#include "policy/model/model.h"

namespace selvage::k8s_client {

/// The changes that an answer of the API server makes.
struct Update {
  std::vector<policy::Event> events;  ///< in order
  std::vector<ObjectError> errors;    ///< not yet reported for the same version
};

/// Knows which objects of one resource exist, and at which resourceVersion, so that another list yields only the
/// difference. Keeps no objects: the receiver of the events does. Not thread-safe.
///
/// - For a bad object the version that was delivered before stays. Without one, its fail-closed fallback is delivered,
///   if it has one.
/// - A new list replaces the old one in one step, in `finish_list`. Only the first list is delivered item by item,
/// since
///   nothing is enforced before it is complete: so it need not be held here.
/// - A list with an item whose key cannot be read deletes nothing: that item may be any of the missing ones.
class ObjectStore {
 public:
  explicit ObjectStore(Resource resource) : resource_(resource) {}

  /// Starts a list; an unfinished one is forgotten.
  void begin_list();
  /// Adds an item of the current list. Events that are due at once go to `update`.
  void add_item(ApiObject item, Update& update);
  /// The list is complete: adds the difference to the previous objects to `update`.
  void finish_list(Update& update);

  /// ADDED or MODIFIED in a watch. `object.key` is set.
  void upsert(ApiObject object, Update& update);
  /// DELETED in a watch.
  void remove(const policy::ObjectKey& key, Update& update);

  /// Whether some version of every existing object was delivered, and each item of the last list had a readable key.
  [[nodiscard]] bool complete() const { return without_version_ == 0 && !unidentified_; }
  /// Number of existing objects, bad ones included.
  [[nodiscard]] std::size_t size() const { return known_.size(); }

 private:
  /// The delivered state of an object.
  enum class Stands : std::uint8_t { nothing, fallback, good };
  struct Entry {
    std::uint64_t version = 0;  ///< hash of the last resourceVersion; 0: none
    std::uint32_t list = 0;     ///< number of the last list that had it
    Stands stands = Stands::nothing;
  };
  using Known = tsl::robin_map<std::string, Entry>;

  [[nodiscard]] policy::ObjectKey key_of(const std::string& name) const;
  void drop_vanished(Update& update);

  Resource resource_;
  Known known_;                    ///< by "namespace/name"
  std::vector<ApiObject> listed_;  ///< items of the current list that are new or changed
  std::uint32_t list_ = 0;         ///< number of the current list
  std::size_t without_version_ = 0;
  bool first_list_done_ = false;
  bool unidentified_ = false;
  bool unidentified_in_list_ = false;
};

}  // namespace selvage::k8s_client
