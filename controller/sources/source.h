#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <variant>

#include "base/result.h"
#include "controller/sources/api_source.h"
#include "controller/sources/folder_source.h"
#include "controller/sources/mailbox.h"
#include "k8s_client/config/kubeconfig.h"

namespace selvage::controller {

/// Where objects come from.
struct SourceOptions {
  std::string manifests;                       ///< folder of manifests; empty: the API server
  k8s_client::ApiOptions api;                  ///< how to find the API server
  std::chrono::seconds api_idle_timeout{150};  ///< a connection to it that is silent for this long is closed
  std::string node;                            ///< name of this node: spec.nodeName of its pods
};

/// A running source, until it is destroyed.
using Source = std::variant<std::unique_ptr<FolderSource>, std::unique_ptr<ApiSource>>;

/// Starts the source that `options` select. `mailbox` and the members of `monitoring` must outlive it. Fails when the
/// folder cannot be watched, or no usable configuration for an API server is found.
Result<Source> start_source(const SourceOptions& options, Mailbox& mailbox, const Monitoring& monitoring);

}  // namespace selvage::controller
