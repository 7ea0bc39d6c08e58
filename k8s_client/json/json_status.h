#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "k8s_client/api/api_object.h"
#include "k8s_client/decode/field.h"

namespace selvage::k8s_client {

/// A message of a server's is at most this long, in bytes.
inline constexpr std::size_t kMaxStatusMessage = 1024;

/// A metav1.Status. What is wrong in it is left out. `code`: the one that is known from elsewhere, or 0.
[[nodiscard]] ApiStatus read_status(int code, const Node& status);
/// Whether this says of itself that it is a metav1.Status.
[[nodiscard]] bool is_status(const Node& object);
/// What can be made of a body that is no metav1.Status: its first words.
[[nodiscard]] ApiStatus status_from_text(int code, std::string_view body);
/// The metav1.ListMeta of a list.
[[nodiscard]] Result<ListMeta> read_list_meta(const Node& list);
/// "networking.k8s.io/v1", ...: the API versions in a metav1.APIGroupList. What is wrong in it is left out.
[[nodiscard]] std::vector<std::string> read_api_versions(const Node& group_list);
/// A string in `object` by its path; empty where there is none.
[[nodiscard]] std::string text_at(const Node& object, std::initializer_list<std::string_view> path);

}  // namespace selvage::k8s_client
