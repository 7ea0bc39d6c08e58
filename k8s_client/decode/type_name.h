#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "k8s_client/decode/field.h"
#include "k8s_client/decode/resource.h"

namespace selvage::k8s_client {

/// apiVersion and kind of an object.
struct TypeName {
  std::string api_version;
  std::string kind;

  friend auto operator<=>(const TypeName&, const TypeName&) = default;
};

/// "networking.k8s.io" for "networking.k8s.io/v1", empty for "v1".
[[nodiscard]] std::string_view group_of(std::string_view api_version);

/// An object's type, and what follows from it.
struct TypedObject {
  enum class Use : std::uint8_t { skipped, list, object };
  Use use = Use::skipped;
  const ResourceRow* row = nullptr;  ///< of an object: the kind that it is meant to be
  TypeName type;
  bool bad = false;  ///< there was a complaint
};

/// Reads apiVersion and kind; each that is absent is taken from `fallback` (the items of a PodList have neither). A
/// kind that cannot be read, that differs in capitals from one of `resource_rows`, or that is one of these in another
/// version (networking.k8s.io/v1beta1), is a complaint.
[[nodiscard]] TypedObject read_type(const Field& object, const TypeName& fallback);

/// The type of a list's items where they do not say: Pod for PodList, nothing for List.
[[nodiscard]] TypeName item_type(const TypeName& list);

}  // namespace selvage::k8s_client
