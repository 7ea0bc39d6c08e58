#include "controller/sources/source.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace selvage::controller {

namespace {

Result<std::unique_ptr<ApiSource>> start_api_source(const SourceOptions& options, Mailbox& mailbox,
                                                    const Monitoring& monitoring) {
  const auto config = k8s_client::find_api_config(options.api, k8s_client::process_environment());
  if (!config) return tl::unexpected(config.error());
  k8s_client::ListWatchOptions watching;
  watching.watch_idle_limit = options.api_idle_timeout;
  watching.list_idle_limit = std::min<std::chrono::milliseconds>(watching.list_idle_limit, options.api_idle_timeout);
  auto source = ApiSource::start(*config, watching, mailbox, monitoring);
  if (!source) return tl::unexpected(source.error());
  spdlog::info("node {}: following the API server {} port {} ({})", options.node, config->host, config->port,
               config->origin);
  return source;
}

}  // namespace

Result<Source> start_source(const SourceOptions& options, Mailbox& mailbox, const Monitoring& monitoring) {
  if (options.manifests.empty()) {
    auto api = start_api_source(options, mailbox, monitoring);
    if (!api) return tl::unexpected(api.error());
    return Source(std::move(*api));
  }
  auto folder = FolderSource::start(options.manifests, mailbox, monitoring.metrics);
  if (!folder) return tl::unexpected(folder.error());
  spdlog::info("node {}: following {}", options.node, options.manifests);
  return Source(std::move(*folder));
}

}  // namespace selvage::controller
