#include "k8s_client/json/json_decoder.h"

#include <array>
#include <utility>

#include "k8s_client/decode/field.h"
#include "k8s_client/json/json_object.h"
#include "k8s_client/json/json_status.h"
#include "k8s_client/json/json_tree.h"

namespace selvage::k8s_client {
namespace {

using Type = WatchEvent::Type;

constexpr std::string_view kInitialEventsEnd = "k8s.io/initial-events-end";

struct EventTypeName {
  std::string_view name;
  Type type;
};
constexpr std::array kTypes = {
    EventTypeName{"ADDED", Type::added},     EventTypeName{"MODIFIED", Type::modified},
    EventTypeName{"DELETED", Type::deleted}, EventTypeName{"BOOKMARK", Type::bookmark},
    EventTypeName{"ERROR", Type::error},
};

std::optional<Type> type_of(std::string_view name) {
  for (const auto& known : kTypes) {
    if (known.name == name) return known.type;
  }
  return std::nullopt;
}

/// The value of `key`, if the mapping has it exactly once.
Node* member(Node& mapping, std::string_view key) {
  Node* found = nullptr;
  for (std::size_t i = 0; i + 1 < mapping.children.size(); i += 2) {
    if (mapping.children[i].text != key) continue;
    if (found != nullptr) return nullptr;
    found = &mapping.children[i + 1];
  }
  return found;
}

/// The fault with its field relative to the event's object.
std::optional<Complaint> in_object(std::optional<Complaint> fault) {
  constexpr std::string_view kObject = "object";
  if (!fault || !fault->field.starts_with(kObject)) return fault;
  fault->field.erase(0, kObject.size());
  if (fault->field.starts_with('.')) fault->field.erase(0, 1);
  return fault;
}

std::string shown(const std::optional<Complaint>& fault) {
  if (!fault) return {};
  return ": " + (fault->field.empty() ? "" : fault->field + ": ") + fault->message;
}

}  // namespace

struct JsonDecoder::Impl {
  JsonTreeReader reader;
};

JsonDecoder::JsonDecoder() : impl_(std::make_unique<Impl>()) {}
JsonDecoder::JsonDecoder(JsonDecoder&&) noexcept = default;
JsonDecoder& JsonDecoder::operator=(JsonDecoder&&) noexcept = default;
JsonDecoder::~JsonDecoder() = default;

ApiObject JsonDecoder::decode_object(Resource resource, std::string_view json) {
  const ResourceRow& row = row_of(resource);
  JsonTree& tree = impl_->reader.read(json, row.shapes->object);
  return decode_api_object(row, tree.root, std::move(tree.fault), tree.whole);
}

Result<WatchEvent> JsonDecoder::decode_event(Resource resource, std::string_view json) {
  const ResourceRow& row = row_of(resource);
  JsonTree& tree = impl_->reader.read(json, row.shapes->event);
  const auto type = type_of(text_at(tree.root, {"type"}));
  Node* object = member(tree.root, "object");
  const bool cut_bookmark = type == Type::bookmark && !tree.whole;
  if (!type || object == nullptr || cut_bookmark) {
    return fail("a watch of " + std::string(row.name) + " sent an invalid event" + shown(tree.fault));
  }
  WatchEvent event;
  event.type = *type;
  if (*type == Type::error) {
    event.status = read_status(0, *object);
  } else if (*type == Type::bookmark) {
    event.object.resource_version = text_at(*object, {"metadata", "resourceVersion"});
    event.initial_events_end = text_at(*object, {"metadata", "annotations", kInitialEventsEnd}) == "true";
  } else {
    event.object = decode_api_object(row, *object, in_object(std::move(tree.fault)), tree.whole);
  }
  return event;
}

Result<ListMeta> JsonDecoder::decode_list_meta(std::string_view json) {
  const JsonTree& tree = impl_->reader.read(json, list_shape());
  if (tree.fault) return fail("a list" + shown(tree.fault));
  return read_list_meta(tree.root);
}

Result<std::vector<std::string>> JsonDecoder::decode_api_versions(std::string_view json) {
  const JsonTree& tree = impl_->reader.read(json, group_list_shape());
  if (tree.fault) return fail("a list of API groups" + shown(tree.fault));
  return read_api_versions(tree.root);
}

ApiStatus JsonDecoder::decode_status(int code, std::string_view json) {
  const JsonTree& tree = impl_->reader.read(json, status_shape());
  return is_status(tree.root) ? read_status(code, tree.root) : status_from_text(code, json);
}

}  // namespace selvage::k8s_client
