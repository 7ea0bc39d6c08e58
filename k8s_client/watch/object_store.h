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

/// What an answer of the API server comes to.
struct Update {
  std::vector<policy::Event> events;  ///< in order
  std::vector<ObjectError> errors;    ///< that were not reported of the same version before
};

/// Knows which objects of one resource exist, and at which resourceVersion, so that a list that is read
/// again comes to the difference only. It keeps no objects: they are where the events went. Not
/// thread-safe.
///
/// - A bad object keeps what stands for it. Without that, its closed form stands, if it has one.
/// - A new list replaces the old one in one step, at `finish_list`; only the first goes out item by
///   item, since nothing is enforced before it is whole, and it need not be held here.
/// - A list with an item whose key cannot be read deletes nothing: that item may be any that is missing.
class ObjectStore {
 public:
  explicit ObjectStore(Resource resource) : resource_(resource) {}

  /// Starts a list. One that was started before and not finished is forgotten.
  void begin_list();
  /// An item of the list that was begun; adds to `update` what goes out at once.
  void add_item(ApiObject item, Update& update);
  /// The list is whole: adds the difference to what stood before.
  void finish_list(Update& update);

  /// ADDED or MODIFIED of a watch. `object.key` is set.
  void upsert(ApiObject object, Update& update);
  /// DELETED of a watch.
  void remove(const policy::ObjectKey& key, Update& update);

  /// Whether of every object that exists some version stands, and each item of the last list had a
  /// readable key.
  [[nodiscard]] bool complete() const { return without_version_ == 0 && !unidentified_; }
  /// Objects that exist, bad ones included.
  [[nodiscard]] std::size_t size() const { return known_.size(); }

 private:
  /// What went out of an object.
  enum class Stands : std::uint8_t { nothing, fallback, good };
  struct Entry {
    std::uint64_t version = 0;  ///< hash of the resourceVersion that was seen last; 0: none
    std::uint32_t list = 0;     ///< the list that it was seen in last
    Stands stands = Stands::nothing;
  };
  using Known = tsl::robin_map<std::string, Entry>;

  [[nodiscard]] policy::ObjectKey key_of(const std::string& name) const;
  void drop_vanished(Update& update);

  Resource resource_;
  Known known_;                    ///< by "namespace/name"
  std::vector<ApiObject> listed_;  ///< what the list under way has news of
  std::uint32_t list_ = 0;         ///< counts lists that were begun
  std::size_t without_version_ = 0;
  bool first_list_done_ = false;
  bool unidentified_ = false;
  bool unidentified_in_list_ = false;
};

}  // namespace selvage::k8s_client
