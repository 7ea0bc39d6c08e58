#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "k8s_client/config/kubeconfig_entries.h"

namespace selvage::k8s_client {

/// What a context leads to.
struct Selection {
  Entry<Context> context;
  Entry<Cluster> cluster;
  std::optional<Entry<User>> user;  ///< none where the context names none
};

/// Follows `context`, or where it is empty the first current-context that is set, through the files:
/// of several entries of one name the first counts, whole. An error lists the names that there are.
[[nodiscard]] Result<Selection> select_context(const std::vector<KubeconfigText>& files, std::string_view context);

}  // namespace selvage::k8s_client
