#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "k8s_client/config/kubeconfig.h"
#include "tests/k8s_client/temporary_folder.h"
#include "tests/rest/kubeconfig_keys.h"

namespace selvage::k8s_client {

inline constexpr const char* kServer = "server: 'https://api.example:6443'";

/// A kubeconfig of one context, "prod", with these lines in its cluster and its user (in flow style, or
/// indented by six). The cluster's entry begins in line 4, the user's in line 4 + 2 + lines of `cluster`.
inline std::string kubeconfig(const std::string& cluster, const std::string& user) {
  return "apiVersion: v1\nkind: Config\nclusters:\n- name: production\n  cluster: {" + cluster +
         "}\nusers:\n- name: agent\n  user: {" + user +
         "}\ncontexts:\n- name: prod\n  context: {cluster: production, user: agent}\ncurrent-context: prod\n";
}

/// A folder with key pem_source and a file "config" in it.
class Folder : public TemporaryFolder {
 public:
  Folder() {
    write("ca.pem", first_pair().certificate);
    write("cert.pem", first_pair().certificate);
    write("key.pem", first_pair().key);
    write("other-cert.pem", second_pair().certificate);
    write("other-key.pem", second_pair().key);
    write("token", "from-the-file\n");
    write("empty", "");
  }

  /// What a kubeconfig of this text comes to.
  [[nodiscard]] Result<ApiConfig> read(const std::string& text, const std::string& context = "") const {
    write("config", text);
    return read_kubeconfig({path("config")}, context);
  }
};

/// An environment of these variables alone.
inline Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// The value; fails the test with the error if there is no value.
inline ApiConfig good(const Result<ApiConfig>& config) {
  if (!config) throw std::runtime_error("not a good config: " + config.error().message);
  return *config;
}

}  // namespace selvage::k8s_client
