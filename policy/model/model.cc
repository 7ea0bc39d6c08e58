#include "policy/model/model.h"

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

ObjectKey key_of(const Namespace& object) { return {Kind::name_space, "", object.name}; }
ObjectKey key_of(const Pod& object) { return {Kind::pod, object.namespace_name, object.name}; }
ObjectKey key_of(const NetworkPolicy& object) { return {Kind::network_policy, object.namespace_name, object.name}; }

ObjectKey key_of(const Object& object) {
  return std::visit([](const auto& value) { return key_of(value); }, object);
}

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::name_space:
      return "Namespace";
    case Kind::pod:
      return "Pod";
    case Kind::network_policy:
      return "NetworkPolicy";
  }
  return "?";
}

std::string to_string(const ObjectKey& key) {
  const std::string scope = key.namespace_name.empty() ? "" : key.namespace_name + "/";
  return std::string(to_string(key.kind)) + " " + scope + key.name;
}

Event upsert(Object object) {
  ObjectKey key = key_of(object);
  return {std::move(key), std::move(object)};
}

Event removal(ObjectKey key) { return {std::move(key), std::nullopt}; }

}  // namespace selvage::policy
