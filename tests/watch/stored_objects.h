#pragma once

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "k8s_client/watch/object_store.h"

namespace selvage::k8s_client {

/// An object whose content is `says`; NetworkPolicies and Pods are in namespace "prod".
inline policy::Object object_saying(Resource resource, const std::string& name, const std::string& says) {
  const policy::Labels labels{{"says", says}};
  if (resource == Resource::namespaces) return policy::Namespace{name, labels};
  if (resource == Resource::pods) {
    policy::Pod pod;
    pod.namespace_name = "prod";
    pod.name = name;
    pod.labels = labels;
    return pod;
  }
  policy::NetworkPolicy object;
  object.namespace_name = "prod";
  object.name = name;
  object.pod_selector = policy::match_labels({{"says", says}});
  return object;
}

inline ApiObject good(Resource resource, const std::string& name, const std::string& version, const std::string& says) {
  ApiObject object;
  object.object = object_saying(resource, name, says);
  object.key = policy::key_of(*object.object);
  object.resource_version = version;
  return object;
}

/// A bad object; the fallback of a NetworkPolicy has "closed" and the version.
inline ApiObject bad(Resource resource, const std::string& name, const std::string& version) {
  ApiObject object = good(resource, name, version, "closed " + version);
  object.error = ObjectError{policy::to_string(*object.key), "spec", "bad in version " + version};
  if (resource != Resource::network_policies) object.object.reset();
  return object;
}

/// An object without a readable name.
inline ApiObject unidentified(const std::string& version) {
  ApiObject object;
  object.resource_version = version;
  object.error = ObjectError{"an object", "metadata.name", "expected a name"};
  return object;
}

/// What the events of a store add up to.
class Shelf {
 public:
  void apply(const Update& update) {
    for (const auto& event : update.events) {
      if (event.object) {
        CHECK(policy::key_of(*event.object) == event.key);
        objects_.insert_or_assign(event.key, *event.object);
      } else {
        CHECK(objects_.erase(event.key) == 1);
      }
    }
  }
  [[nodiscard]] const std::map<policy::ObjectKey, policy::Object>& objects() const { return objects_; }

 private:
  std::map<policy::ObjectKey, policy::Object> objects_;
};

}  // namespace selvage::k8s_client
