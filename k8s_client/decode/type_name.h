#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "k8s_client/decode/field.h"

namespace selvage::k8s_client {

/// What to do with an object, by its apiVersion and kind.
enum class ObjectKind : std::uint8_t { skipped, list, name_space, pod, network_policy };

/// apiVersion and kind of an object.
struct TypeName {
  std::string api_version;
  std::string kind;
};

/// Reads apiVersion and kind; each that is absent is taken from `fallback` (the items of a PodList
/// have neither). A kind that cannot be read, or that differs in capitals from one that counts, is a
/// complaint, and so is a kind that counts in a version that does not (networking.k8s.io/v1beta1).
struct TypedObject {
  ObjectKind kind = ObjectKind::skipped;
  TypeName type;
  bool bad = false;  ///< there was a complaint; `kind` says what the object is meant to be
};
[[nodiscard]] TypedObject read_type(const Field& object, const TypeName& fallback);

/// What the items of a list are where they do not say: Pod for PodList, nothing for List.
[[nodiscard]] TypeName item_type(const TypeName& list);

}  // namespace selvage::k8s_client
