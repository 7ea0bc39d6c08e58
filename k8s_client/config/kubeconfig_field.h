#pragma once

#include <optional>
#include <string>
#include <vector>

#include "k8s_client/decode/field.h"
#include "k8s_client/decode/node.h"

namespace selvage::k8s_client {

// Readers for kubeconfigs. Unlike Field's own, their complaints never repeat what was found: a token
// may stand in any place, by mistake.

/// What no kubeconfig may have, in any part of it: a key given twice (which of them counts?) and YAML's
/// merge key "<<", which other clients follow and the reader here does not.
[[nodiscard]] std::optional<Complaint> find_key_fault(const Node& document);

/// A string without control characters; "" where absent.
[[nodiscard]] std::optional<std::string> text_of(const Field& field);

/// true or false; false where absent.
[[nodiscard]] std::optional<bool> boolean_of(const Field& field);

/// Whether this is a mapping, or absent.
[[nodiscard]] bool is_mapping_or_absent(const Field& field);

/// The items of a list; none where absent.
[[nodiscard]] std::optional<std::vector<Field>> items_of(const Field& field);

/// Whether something is there that is not an empty string or an empty list.
[[nodiscard]] bool is_set(const Field& field);

}  // namespace selvage::k8s_client
