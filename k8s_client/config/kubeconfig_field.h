#pragma once

#include <optional>
#include <string>
#include <vector>

#include "k8s_client/decode/field.h"
#include "k8s_client/decode/node.h"

namespace selvage::k8s_client {

// Readers for kubeconfigs. Unlike Field's own, their complaints never quote values: any of them may be a token, by
// mistake.

/// Finds keys that no part of a kubeconfig may have: repeated ones, which are ambiguous, and YAML's merge key "<<",
/// which other clients follow and this reader does not.
[[nodiscard]] std::optional<Complaint> find_key_fault(const Node& document);

/// A string without control characters; "" if absent.
[[nodiscard]] std::optional<std::string> text_of(const Field& field);

/// true or false; false if absent.
[[nodiscard]] std::optional<bool> boolean_of(const Field& field);

/// Whether this is a mapping, or absent.
[[nodiscard]] bool is_mapping_or_absent(const Field& field);

/// The items of a list; empty if absent.
[[nodiscard]] std::optional<std::vector<Field>> items_of(const Field& field);

/// Whether this is present, and neither an empty string nor an empty list.
[[nodiscard]] bool is_set(const Field& field);

}  // namespace selvage::k8s_client
