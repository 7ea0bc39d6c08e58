#include "k8s_client/config/kubeconfig_field.h"

#include <algorithm>
#include <string_view>

#include "base/utf8.h"

namespace selvage::k8s_client {
namespace {

/// Whether the text is UTF-8 without control characters, so that it fits into paths, headers and messages.
bool is_plain(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0 || is_control(text.substr(0, length))) return false;
    text.remove_prefix(length);
  }
  return true;
}

constexpr std::size_t kMaxKeyShown = 64;

/// A key as a part of a path.
std::string shown_key(const Node& key) {
  return key.text.size() <= kMaxKeyShown && is_plain(key.text) ? key.text : "?";
}

/// A fault in the keys of one mapping, not in its values.
std::optional<Complaint> own_key_fault(const Node& mapping) {
  std::vector<const Node*> keys;
  for (std::size_t i = 0; i + 1 < mapping.children.size(); i += 2) {
    const Node& key = mapping.children[i];
    if (key.plain && key.text == "<<") return Complaint{key.line, "<<", "merge keys are not supported; write them out"};
    keys.push_back(&key);
  }
  std::stable_sort(keys.begin(), keys.end(), [](const Node* a, const Node* b) { return a->text < b->text; });
  const auto twice =
      std::adjacent_find(keys.begin(), keys.end(), [](const Node* a, const Node* b) { return a->text == b->text; });
  if (twice == keys.end()) return std::nullopt;
  return Complaint{twice[1]->line, shown_key(*twice[1]), "the field is given twice; keep one"};
}

/// The path from `parent` to its child of this index.
std::string step_to(const Node& parent, std::size_t index) {
  const bool mapping = parent.kind == Node::Kind::mapping;
  return mapping ? shown_key(parent.children[index - 1]) : "[" + std::to_string(index) + "]";
}

}  // namespace

std::optional<Complaint> find_key_fault(const Node& document) {
  if (document.kind == Node::Kind::mapping) {
    if (auto fault = own_key_fault(document)) return fault;
  }
  for (std::size_t i = 0; i < document.children.size(); ++i) {
    auto fault = find_key_fault(document.children[i]);
    if (!fault) continue;
    const bool dot = !fault->field.starts_with('[');
    fault->field = step_to(document, i) + (dot ? "." : "") + fault->field;
    return fault;
  }
  return std::nullopt;
}

std::optional<std::string> text_of(const Field& field) {
  std::optional<Complaint> unsafe;
  auto text = field.reporting_to(unsafe).text_or("");
  if (!text) return field.complain("expected a string; put it in quotes");
  if (!is_plain(*text)) return field.complain("control characters, such as a line break, are not allowed here");
  return text;
}

std::optional<bool> boolean_of(const Field& field) {
  std::optional<Complaint> unsafe;
  const auto value = field.reporting_to(unsafe).boolean_or(false);
  if (!value) return field.complain("expected true or false, without quotes");
  return value;
}

bool is_mapping_or_absent(const Field& field) {
  std::optional<Complaint> unsafe;
  if (field.reporting_to(unsafe).is_mapping_or_absent()) return true;
  field.complain("expected a mapping");
  return false;
}

std::optional<std::vector<Field>> items_of(const Field& field) {
  std::optional<Complaint> unsafe;
  if (!field.reporting_to(unsafe).items()) return field.complain("expected a list");
  return field.items();
}

bool is_set(const Field& field) {
  std::optional<Complaint> unsafe;
  const Field quiet = field.reporting_to(unsafe);
  if (quiet.absent()) return false;
  if (const auto text = quiet.text()) return !text->empty();
  const auto items = quiet.items();
  return !items || !items->empty();
}

}  // namespace selvage::k8s_client
