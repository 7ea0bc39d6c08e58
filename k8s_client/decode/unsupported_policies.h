#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "k8s_client/decode/type_name.h"

/// Policies of other APIs. They are not enforced. They are counted and reported, so that users do not rely on them.
namespace selvage::k8s_client {

/// A kind of policy that Selvage does not enforce.
struct UnsupportedKind {
  std::string_view kind;      ///< "CiliumNetworkPolicy"
  std::string_view resource;  ///< "ciliumnetworkpolicies"
  /// "cilium.io/v2"; unused ones are empty. A server may offer the same objects in all of them: count the first that it
  /// has.
  std::array<std::string_view, 2> api_versions;
};

[[nodiscard]] std::span<const UnsupportedKind> unsupported_kinds();

/// Whether objects of this type are of one of `unsupported_kinds`, in any version of its API groups.
[[nodiscard]] bool is_unsupported_policy(const TypeName& type);

/// Objects of each type; a type without any need not be there.
using UnsupportedCounts = std::map<TypeName, std::size_t>;

/// "5 CiliumNetworkPolicy objects are not enforced: Selvage does not support cilium.io/v2 yet".
[[nodiscard]] std::string describe_unsupported(const TypeName& type, std::size_t count);

}  // namespace selvage::k8s_client
