#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "k8s_client/api/api_object.h"
#include "k8s_client/decode/field.h"

namespace selvage::k8s_client {

/// Limit for messages of servers, in bytes.
inline constexpr std::size_t kMaxStatusMessage = 1024;

/// A metav1.Status. Invalid fields are left out. `code` is the HTTP status code, or 0 to take it from the Status.
[[nodiscard]] ApiStatus read_status(int code, const Node& status);
/// Whether the kind is Status.
[[nodiscard]] bool is_status(const Node& object);
/// A status with the start of a body that is not a metav1.Status.
[[nodiscard]] ApiStatus status_from_text(int code, std::string_view body);
/// The metav1.ListMeta of a list.
[[nodiscard]] Result<ListMeta> read_list_meta(const Node& list);
/// "networking.k8s.io/v1", ...: the API versions in a metav1.APIGroupList. Invalid fields are left out.
[[nodiscard]] std::vector<std::string> read_api_versions(const Node& group_list);
/// The string at a path in `object`; empty if there is none.
[[nodiscard]] std::string text_at(const Node& object, std::initializer_list<std::string_view> path);

}  // namespace selvage::k8s_client
