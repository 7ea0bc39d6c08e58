#include "k8s_client/json/json_object.h"

#include <utility>

#include "k8s_client/decode/type_name.h"
#include "k8s_client/json/json_status.h"
#include "k8s_client/json/json_text.h"

namespace selvage::k8s_client {
namespace {

/// UIDs have 36 bytes, versions at most the digits of a 64-bit number.
constexpr std::size_t kMaxReference = 128;

/// The text behind the point where reading stopped is unknown, and must not count as absent. An unreadable spec makes a
/// policy isolate its namespace (its fail-closed fallback).
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

/// The object's identity. In a truncated text a missing namespace may have come later.
std::optional<Identity> identity_of(const ResourceRow& row, const Field& object, const Node& node, bool whole) {
  if (!whole && row.namespaced && text_at(node, {"metadata", "namespace"}).empty()) return std::nullopt;
  return row.decode_identity(object);
}

ObjectError error_of(const ResourceRow& row, const std::optional<policy::ObjectKey>& key, Complaint complaint) {
  std::string object = key ? policy::to_string(*key) : "a " + std::string(row.kind);
  return {std::move(object), std::move(complaint.field), std::move(complaint.message)};
}

/// Drops text that is longer than any valid one, since it is kept and sent on.
std::string short_text(std::string text) { return text.size() <= kMaxReference ? std::move(text) : std::string(); }

}  // namespace

ApiObject decode_api_object(const ResourceRow& row, Node& object, std::optional<Complaint> fault, bool whole) {
  if (!whole) make_unreadable(object);
  ApiObject result;
  std::optional<Complaint> complaint = std::move(fault);
  std::optional<Complaint> of_mode;  // of a Namespace that is good otherwise
  const Field field(object, complaint);
  if (field.is_mapping()) {
    result.resource_version = text_at(object, {"metadata", "resourceVersion"});
    const TypedObject typed = read_type(field, {std::string(row.api_version), std::string(row.kind)});
    const bool expected = typed.use == TypedObject::Use::object && typed.row == &row;
    if (!expected) field["kind"].complain("expected " + std::string(row.kind));
    const auto identity = expected ? identity_of(row, field, object, whole) : std::nullopt;
    if (identity) {
      result.key = policy::ObjectKey{row.object_kind, identity->namespace_name, identity->name};
      result.object = row.decode(field, *identity, !typed.bad, of_mode);
    }
  }
  if (complaint && !row.has_fallback) result.object.reset();
  result.error_spoils = complaint.has_value();
  if (!complaint) complaint = std::move(of_mode);
  if (complaint) result.error = error_of(row, result.key, std::move(*complaint));
  if (complaint && result.key) {
    result.error->version = ObjectVersion{*result.key, short_text(text_at(object, {"metadata", "uid"})),
                                          short_text(result.resource_version)};
  }
  return result;
}

}  // namespace selvage::k8s_client
