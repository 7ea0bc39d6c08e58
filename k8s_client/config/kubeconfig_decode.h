#pragma once

#include <string>

#include "k8s_client/config/kubeconfig_entries.h"
#include "k8s_client/decode/field.h"

namespace selvage::k8s_client {

/// Decodes `cluster` in an entry of `clusters`. After a complaint of the field the value must not be used.
[[nodiscard]] Cluster decode_cluster(const Field& cluster, const std::string& file);

/// Same for `user` in an entry of `users`.
[[nodiscard]] User decode_user(const Field& user, const std::string& file);

/// A file name in `name`, or base64 data in `data_name`, which takes precedence.
[[nodiscard]] PemSource decode_pem_source(const Field& parent, std::string_view name, std::string_view data_name,
                                          const std::string& file);

}  // namespace selvage::k8s_client
