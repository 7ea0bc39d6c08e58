#include "policy/model/model.h"

#include <array>

namespace selvage::policy {

const char* to_string(Protocol protocol) {
  switch (protocol) {
    case Protocol::tcp:
      return "TCP";
    case Protocol::udp:
      return "UDP";
    case Protocol::sctp:
      return "SCTP";
  }
  return "?";
}

ObjectKey key_of(const Namespace& object) { return {0, "", object.name}; }
ObjectKey key_of(const Pod& object) { return {1, object.namespace_name, object.name}; }
ObjectKey key_of(const NetworkPolicy& object) { return {2, object.namespace_name, object.name}; }

ObjectKey key_of(const Object& object) {
  return std::visit([](const auto& value) { return key_of(value); }, object);
}

std::string_view kind_of(const ObjectKey& key) {
  static constexpr std::array<std::string_view, 3> kKinds = {"Namespace", "Pod", "NetworkPolicy"};
  return kKinds.at(key.kind);
}

std::string to_string(const ObjectKey& key) {
  const std::string scope = key.namespace_name.empty() ? "" : key.namespace_name + "/";
  return std::string(kind_of(key)) + " " + scope + key.name;
}

Event upsert(Object object) {
  ObjectKey key = key_of(object);
  return {std::move(key), std::move(object)};
}

Event removal(ObjectKey key) { return {std::move(key), std::nullopt}; }

}  // namespace selvage::policy
