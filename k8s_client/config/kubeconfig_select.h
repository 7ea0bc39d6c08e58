#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "k8s_client/config/kubeconfig_entries.h"

namespace selvage::k8s_client {

/// A context with its cluster and user.
struct Selection {
  Entry<Context> context;
  Entry<Cluster> cluster;
  std::optional<Entry<User>> user;  ///< nothing if the context names none
};

/// Resolves `context`, or if that is empty the first current-context, over all files. Of several entries with one name
/// the first is used, as a whole. An error lists the existing names.
[[nodiscard]] Result<Selection> select_context(const std::vector<KubeconfigText>& files, std::string_view context);

}  // namespace selvage::k8s_client
