#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "k8s_client/rest/api_config.h"

namespace selvage::k8s_client {

/// The environment, so that tests can have one of their own: a variable's value, or nothing.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// The environment of this process. Not thread-safe beside setenv(3).
[[nodiscard]] Environment process_environment();

/// What a user may say about the API server on the command line.
struct ApiOptions {
  std::string kubeconfig;  ///< --kubeconfig: one file; empty: not given
  std::string context;     ///< --context; empty: the kubeconfig's current-context
};

/// Finds the API server as every Kubernetes client does: --kubeconfig; else KUBECONFIG (files with ':'
/// between, merged as client-go merges them: the first to set a thing wins, relative paths count from
/// the file that names them); else the pod's service account, where KUBERNETES_SERVICE_HOST is set;
/// else ~/.kube/config. An error says which of these was tried, and names file, entry and field, and
/// the remedy: exec plugins, auth providers, basic auth and impersonation are refused.
[[nodiscard]] Result<ApiConfig> find_api_config(const ApiOptions& options, const Environment& environment);

/// One or several kubeconfig files (apiVersion v1, kind Config), merged.
[[nodiscard]] Result<ApiConfig> read_kubeconfig(const std::vector<std::string>& files, std::string_view context);

/// The service account that is mounted into a pod: KUBERNETES_SERVICE_HOST and _PORT of `environment`
/// (the host may be an IPv6 address), `folder`/token and `folder`/ca.crt.
[[nodiscard]] Result<ApiConfig> in_cluster_config(
    const Environment& environment, const std::string& folder = "/var/run/secrets/kubernetes.io/serviceaccount");

}  // namespace selvage::k8s_client
