#include "k8s_client/config/kubeconfig.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "k8s_client/config/in_cluster.h"
#include "k8s_client/config/kubeconfig_entries.h"
#include "k8s_client/config/kubeconfig_file.h"
#include "k8s_client/config/kubeconfig_load.h"
#include "k8s_client/config/kubeconfig_select.h"
#include "k8s_client/config/proxy_environment.h"

namespace selvage::k8s_client {
namespace {

constexpr const char* kRemedy =
    "; give --kubeconfig FILE, set KUBECONFIG, or run in a pod with a service account (automountServiceAccountToken)";

Result<KubeconfigText> read_file(const std::string& file) {
  const auto text = read_config_file(file);
  if (!text) return fail("kubeconfig", text.error());
  auto decoded = decode_kubeconfig(*text, file);
  if (!decoded) return fail("kubeconfig", decoded.error());
  return decoded;
}

std::string joined(const std::vector<std::string>& parts, const char* between) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : between) + part;
  return text;
}

Result<ApiConfig> load_context(const std::vector<KubeconfigText>& texts, std::string_view context) {
  const auto selection = select_context(texts, context);
  if (!selection) return fail("kubeconfig", selection.error());
  auto config = load_selection(*selection);
  if (!config) return fail("kubeconfig", config.error());
  return config;
}

/// The files of KUBECONFIG, without empty names.
std::vector<std::string> split_list(std::string_view list) {
  std::vector<std::string> files;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(':'), list.size());
    if (end > 0) files.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return files;
}

/// The result of a source of configuration: nothing if it does not exist, and why.
struct Found {
  std::optional<ApiConfig> config;
  std::string why_not;
};

/// The existing ones of these files.
Result<Found> try_files(const std::vector<std::string>& files, std::string_view context) {
  std::vector<KubeconfigText> texts;
  for (const std::string& file : files) {
    auto text = read_file(file);
    if (!text && text.error().code == ENOENT) continue;
    if (!text) return tl::unexpected(text.error());
    texts.push_back(std::move(*text));
  }
  if (texts.empty()) return Found{std::nullopt, "there is no " + joined(files, " and no ")};
  auto config = load_context(texts, context);
  if (!config) return tl::unexpected(config.error());
  return Found{std::move(*config), ""};
}

Result<Found> try_variable(const ApiOptions& options, const Environment& environment) {
  const std::string list = environment("KUBECONFIG").value_or("");
  if (list.empty()) return Found{std::nullopt, "KUBECONFIG is not set"};
  return try_files(split_list(list), options.context);
}

Result<Found> try_service_account(const ApiOptions& options, const Environment& environment,
                                  const std::string& folder) {
  if (!options.context.empty()) return Found{std::nullopt, "a pod's service account has no contexts"};
  const auto why_not = why_not_in_cluster(environment, folder);
  if (why_not) return Found{std::nullopt, *why_not};
  auto config = in_cluster_config(environment, folder);
  if (!config) return tl::unexpected(config.error());
  return Found{std::move(*config), ""};
}

Result<Found> try_home(const ApiOptions& options, const Environment& environment) {
  if (!environment("KUBECONFIG").value_or("").empty()) {
    return Found{std::nullopt, "~/.kube/config is ignored because KUBECONFIG is set"};
  }
  const std::string home = environment("HOME").value_or("");
  if (home.empty()) return Found{std::nullopt, "HOME is not set"};
  return try_files({home + "/.kube/config"}, options.context);
}

Result<ApiConfig> find_without_proxy(const ApiOptions& options, const Environment& environment,
                                     const std::string& service_account) {
  if (!options.kubeconfig.empty()) return read_kubeconfig({options.kubeconfig}, options.context);
  const std::array<std::function<Result<Found>()>, 3> sources = {
      [&] { return try_variable(options, environment); },
      [&] { return try_service_account(options, environment, service_account); },
      [&] { return try_home(options, environment); },
  };
  std::vector<std::string> why_not;
  for (const auto& source : sources) {
    auto found = source();
    if (!found) return tl::unexpected(found.error());
    if (found->config) return std::move(*found->config);
    why_not.push_back(std::move(found->why_not));
  }
  return fail("no API server is configured: " + joined(why_not, "; ") + kRemedy);
}

}  // namespace

Result<ApiConfig> read_kubeconfig(const std::vector<std::string>& files, std::string_view context) {
  std::vector<KubeconfigText> texts;
  for (const std::string& file : files) {
    auto text = read_file(file);
    if (!text) return tl::unexpected(text.error());
    texts.push_back(std::move(*text));
  }
  return load_context(texts, context);
}

Result<ApiConfig> find_api_config(const ApiOptions& options, const Environment& environment,
                                  const std::string& service_account) {
  auto config = find_without_proxy(options, environment, service_account);
  if (!config || !config->proxy.empty()) return config;
  auto proxy = proxy_from_environment(environment, config->tls, config->host, config->port);
  if (!proxy) return tl::unexpected(proxy.error());
  config->proxy = std::move(*proxy);
  return config;
}

}  // namespace selvage::k8s_client
