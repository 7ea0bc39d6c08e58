#pragma once

#include <tsl/robin_map.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "k8s_client/watch/api_object.h"
#include "k8s_client/watch/resource.h"
#include "policy/model.h"

namespace selvage::k8s_client {

/// Knows which objects of one resource exist, and at which resourceVersion, so that a list that is read
/// again comes to the difference only. It keeps no objects: that of what stands is where the events
/// went. Not thread-safe.
///
/// - A bad object keeps what stands for it. Without that, its closed form stands, if it has one.
/// - A new list replaces the old one in one step, at `finish_list`; the first list ever goes out item
///   by item, since nothing is enforced before it is in (memory).
/// - A list with an item whose key cannot be read deletes nothing: that item may be any of those missing.
class ObjectStore {
 public:
  explicit ObjectStore(Resource resource) : resource_(resource) {}

  /// Starts a list. One that was started before and not finished is forgotten.
  void begin_list();
  /// An item of the list that was begun. The events that may go out at once (of the first list).
  [[nodiscard]] std::vector<policy::Event> add_item(ApiObject item);
  /// The list is whole: the difference to what stood before.
  [[nodiscard]] std::vector<policy::Event> finish_list();

  /// ADDED or MODIFIED of a watch. `object.key` is set.
  [[nodiscard]] std::optional<policy::Event> upsert(ApiObject object);
  /// DELETED of a watch.
  [[nodiscard]] std::optional<policy::Event> remove(const policy::ObjectKey& key);

  /// Of every object that is known to exist some version stands, and no item of the last list was
  /// without a key (controller's Mailbox::put_complete).
  [[nodiscard]] bool complete() const { return without_version_ == 0 && !unidentified_; }
  /// Objects that exist, bad ones included.
  [[nodiscard]] std::size_t size() const { return known_.size(); }

 private:
  struct Entry {
    std::uint64_t version = 0;  ///< hash of the resourceVersion that was seen last
    std::uint32_t list = 0;     ///< number of the list that it was seen in, or that a watch followed
    bool stands = false;        ///< some version of it went out
  };
  using Known = tsl::robin_map<std::string, Entry>;

  std::optional<policy::Event> take(ApiObject object, Entry& entry);
  [[nodiscard]] policy::ObjectKey key_of(const std::string& name) const;
  void forget(Known::iterator entry);

  Resource resource_;
  Known known_;                        ///< by "namespace/name"
  std::vector<policy::Event> listed_;  ///< of the list under way
  std::vector<std::string> listed_without_version_;
  std::uint32_t list_ = 0;  ///< number of the list under way or the last one
  std::size_t without_version_ = 0;
  bool first_done_ = false;
  bool unidentified_ = false;
  bool unidentified_in_list_ = false;
};

}  // namespace selvage::k8s_client
