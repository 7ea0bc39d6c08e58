#include "controller/sources/unsupported_list.h"

#include <spdlog/fmt/ranges.h>

#include "controller/sources/unsupported_poll.h"
#include "k8s_client/http/rest_transport.h"
#include "k8s_client/manifests/manifest_folder.h"

namespace selvage::controller {
namespace {

using k8s_client::UnsupportedCounts;

constexpr std::chrono::seconds kShortIdleLimit{5};

Result<UnsupportedCounts> count_in_folder(const std::string& path) {
  const auto changes = k8s_client::ManifestFolder(path).rescan();
  if (!changes) return tl::unexpected(changes.error());
  return changes->unsupported;
}

Result<UnsupportedCounts> count_on_server(const SourceOptions& options) {
  const auto config = k8s_client::find_api_config(options.api, k8s_client::process_environment());
  if (!config) return tl::unexpected(config.error());
  const auto transport = k8s_client::open_rest_transport(*config);
  if (!transport) return tl::unexpected(transport.error());
  UnsupportedFindings found = count_unsupported_policies(**transport, kShortIdleLimit);
  if (found.error) return tl::unexpected(*found.error);
  if (!found.forbidden.empty()) return fail(fmt::format("grant list on {}", fmt::join(found.forbidden, ", ")));
  return std::move(found.counts);
}

}  // namespace

Result<std::vector<std::string>> list_unsupported_policies(const SourceOptions& options) {
  const auto counts = options.manifests.empty() ? count_on_server(options) : count_in_folder(options.manifests);
  if (!counts) return tl::unexpected(counts.error());
  std::vector<std::string> lines;
  for (const auto& [type, count] : *counts) {
    if (count > 0) lines.push_back(k8s_client::describe_unsupported(type, count));
  }
  return lines;
}

}  // namespace selvage::controller
