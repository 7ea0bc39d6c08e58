#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "k8s_client/config/api_config.h"

namespace selvage::k8s_client {

/// Returns a variable's value, or nothing. Tests replace the process environment.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// The environment of this process. Not thread-safe beside setenv(3).
[[nodiscard]] Environment process_environment();

/// Options of the command line that select the API server.
struct ApiOptions {
  std::string kubeconfig;  ///< --kubeconfig: one file; empty: not given
  std::string context;     ///< --context; empty: the kubeconfig's current-context
};

/// Where the kubelet mounts a pod's service account.
inline constexpr const char* kServiceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Finds the API server as other Kubernetes clients do: --kubeconfig; else KUBECONFIG (files separated by ':', missing
/// ones are skipped); else the pod's service account, if KUBERNETES_SERVICE_HOST and _PORT are set and
/// `service_account`/token exists; else ~/.kube/config, unless KUBECONFIG is set. The first one that exists is used: if
/// it is unusable that is an error, and no other is tried. With --context only kubeconfigs are considered. The proxy of
/// the environment is used unless the kubeconfig names one.
///
/// An error lists the places that were tried, or names file, line, field and remedy. It contains no secret and no value
/// of a kubeconfig's users.
[[nodiscard]] Result<ApiConfig> find_api_config(const ApiOptions& options, const Environment& environment,
                                                const std::string& service_account = kServiceAccountFolder);

/// Reads one or several kubeconfig files (apiVersion v1, kind Config), merged as client-go merges them: the first to
/// name a cluster, user or context, or to set current-context, wins; relative paths are relative to the file that names
/// them. All files must exist. An empty `context` means current-context. Only the entries of that context are checked
/// and read; exec plugins, auth providers, basic auth and impersonation are refused. `proxy` is the cluster's
/// proxy-url.
[[nodiscard]] Result<ApiConfig> read_kubeconfig(const std::vector<std::string>& files, std::string_view context);

/// The service account of a pod: KUBERNETES_SERVICE_HOST and _PORT of `environment`
/// (the host may be an IPv6 address), `folder`/token and `folder`/ca.crt. `proxy` is empty.
[[nodiscard]] Result<ApiConfig> in_cluster_config(const Environment& environment,
                                                  const std::string& folder = kServiceAccountFolder);

}  // namespace selvage::k8s_client
