#include "k8s_client/json/json_object.h"

#include <array>
#include <utility>

#include "k8s_client/decode/decode.h"
#include "k8s_client/decode/type_name.h"
#include "k8s_client/json/json_status.h"
#include "k8s_client/json/json_text.h"

namespace selvage::k8s_client {
namespace {

/// UIDs have 36 bytes, versions as many as a number of 64 bits.
constexpr std::size_t kMaxReference = 128;

struct Kind {
  ObjectKind kind;
  std::string_view api_version;
  std::optional<Identity> (*decode_identity)(const Field&);
};

/// In the order of `Resource`.
constexpr std::array<Kind, kResources.size()> kKinds = {{
    {ObjectKind::name_space, "v1", decode_namespace_identity},
    {ObjectKind::pod, "v1", decode_pod_identity},
    {ObjectKind::network_policy, "networking.k8s.io/v1", decode_network_policy_identity},
}};

const Kind& kind_for(Resource resource) { return kKinds[static_cast<std::size_t>(resource)]; }

/// What came behind the place where reading stopped is not known: it must not pass for absent. In
/// the place of a spec this makes a policy isolate its namespace (policy's closed form).
void make_unreadable(Node& object) {
  if (object.kind != Node::Kind::mapping) return;
  Node key;
  key.kind = Node::Kind::scalar;
  key.text = "spec";
  Node unreadable = key;
  unreadable.text = kReplacement;
  object.children.push_back(std::move(key));
  object.children.push_back(unreadable);
  for (std::size_t i = 0; i + 1 < object.children.size(); i += 2) {
    if (object.children[i].text == "spec") object.children[i + 1] = unreadable;
  }
}

/// Who the object is. Where the text broke off a namespace that is not there may have come later.
std::optional<Identity> identity_of(Resource resource, const Field& object, const Node& node, bool whole) {
  const bool scoped = resource != Resource::namespaces;
  if (!whole && scoped && text_at(node, {"metadata", "namespace"}).empty()) return std::nullopt;
  return kind_for(resource).decode_identity(object);
}

/// The object as its kind says, or nothing; of a policy the closed form where there is a complaint.
std::optional<policy::Object> decode(Resource resource, const Field& object, const Identity& identity,
                                     bool of_known_version, std::optional<Complaint>& of_mode) {
  if (resource == Resource::namespaces) return decode_namespace(object, identity, of_mode);
  if (resource == Resource::pods) return decode_pod(object, identity);
  policy::NetworkPolicy decoded = decode_network_policy(object, identity);
  if (!of_known_version) {
    decoded.ingress.clear();
    decoded.egress.clear();
  }
  return decoded;
}

ObjectError error_of(Resource resource, const std::optional<policy::ObjectKey>& key, Complaint complaint) {
  std::string object = key ? policy::to_string(*key) : "a " + std::string(kind_of(resource));
  return {std::move(object), std::move(complaint.field), std::move(complaint.message)};
}

/// What is longer than any is none: it is kept and sent on.
std::string short_text(std::string text) { return text.size() <= kMaxReference ? std::move(text) : std::string(); }

}  // namespace

ApiObject decode_api_object(Resource resource, Node& object, std::optional<Complaint> fault, bool whole) {
  if (!whole) make_unreadable(object);
  ApiObject result;
  std::optional<Complaint> complaint = std::move(fault);
  std::optional<Complaint> of_mode;  // of a namespace, which is good all the same
  const Field field(object, complaint);
  const Kind& kind = kind_for(resource);
  if (field.is_mapping()) {
    result.resource_version = text_at(object, {"metadata", "resourceVersion"});
    const TypedObject typed = read_type(field, {std::string(kind.api_version), std::string(kind_of(resource))});
    const bool expected = typed.kind == kind.kind;
    if (!expected) field["kind"].complain("expected " + std::string(kind_of(resource)));
    const auto identity = expected ? identity_of(resource, field, object, whole) : std::nullopt;
    if (identity) {
      result.key = policy::ObjectKey{object_kind(resource), identity->namespace_name, identity->name};
      result.object = decode(resource, field, *identity, !typed.bad, of_mode);
    }
  }
  if (complaint && resource != Resource::network_policies) result.object.reset();
  result.error_spoils = complaint.has_value();
  if (!complaint) complaint = std::move(of_mode);
  if (complaint) result.error = error_of(resource, result.key, std::move(*complaint));
  if (complaint && result.key) {
    result.error->version = ObjectVersion{*result.key, short_text(text_at(object, {"metadata", "uid"})),
                                          short_text(result.resource_version)};
  }
  return result;
}

}  // namespace selvage::k8s_client
