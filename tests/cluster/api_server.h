#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/netns.h"
#include "tests/cluster/child.h"
#include "tests/cluster/cluster_folder.h"
#include "tests/cluster/held_port.h"

/// A control plane of the test's own: the real kube-apiserver, etcd and kubectl.
namespace selvage::testing {

/// How a run of kubectl ended.
struct KubectlResult {
  int status = -1;     ///< exit code
  std::string output;  ///< standard output
  std::string errors;  ///< standard error
};

struct ApiServerOptions {
  std::vector<std::string> feature_gates;  ///< kube-apiserver's --feature-gates, such as "WatchList=false"
  std::vector<std::string> flags;          ///< more of its flags, such as "--watch-cache=false"
  /// Where the processes run, kubectl too; null: the namespace that the calling thread is in. It outlives the server.
  const lab::Namespace* where = nullptr;
  /// Addresses beside 127.0.0.1 that `where` has or gets, and that the serving certificate holds. With any of them the
  /// API server listens on all addresses of `where`, which is needed then; without, on 127.0.0.1 alone.
  std::vector<std::string> addresses;
};

/// Starts etcd and kube-apiserver (v1.34.4) in a temporary folder, on free ports of 127.0.0.1, with RBAC, and waits
/// until the server is ready; that takes some seconds. The destructor kills both and removes the folder; when the
/// test program itself is killed, or the thread that made the server ends, the kernel kills them.
///
/// There are no controllers and no kubelet, so
/// - nothing fills `status`: PUT or PATCH it (`/status` subresource);
/// - a pod with a nodeName goes at once only with gracePeriodSeconds 0;
/// - a namespace that is deleted stays Terminating, with what is in it, until remove_namespace() of api_client.h;
/// - no service account is there (not even `default`) that the test did not make. Pods need none.
///
/// Everything here throws std::runtime_error, with the servers' last words, when it does not succeed. One thread.
class ApiServer {
 public:
  explicit ApiServer(ApiServerOptions options = {});

  /// Port of the API server, the same after a restart and nobody else's meanwhile.
  [[nodiscard]] std::uint16_t port() const { return port_.number(); }
  /// "https://127.0.0.1:PORT"
  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(port()); }
  /// A kubeconfig of a cluster administrator (group system:masters, by client certificate).
  [[nodiscard]] std::string kubeconfig() const { return file("kubeconfig"); }
  /// Certificate of the authority that signed all certificates here.
  [[nodiscard]] std::string ca_file() const { return file("ca.crt"); }
  /// Path of a file in the temporary folder: ca.crt, ca.key; server.crt, server.key (of localhost, 127.0.0.1, ::1 and
  /// `addresses`, for a proxy that speaks TLS); admin.crt, admin.key; service-account.key; kube-apiserver.log,
  /// etcd.log. PEM, keys without a passphrase. The folder is removed whole: a test may put files of its own there.
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.path(name); }
  [[nodiscard]] const lab::Namespace* where() const { return options_.where; }

  /// Runs `kubectl ARGUMENTS` as the administrator, `input` on its standard input, to its end.
  [[nodiscard]] KubectlResult kubectl(const std::vector<std::string>& arguments, std::string_view input = {}) const;
  /// The same; throws unless it exits 0, returns its standard output.
  std::string must_kubectl(const std::vector<std::string>& arguments, std::string_view input = {}) const;

  /// A token of the service account NAME_SPACE/NAME, which exists, signed as the server signs them. The server takes it
  /// for `lifetime`, and then for up to ten seconds more where it has just seen it: it remembers tokens for that long.
  /// Any lifetime can be had, none at all too (the TokenRequest API's shortest is ten minutes). The server allows a
  /// minute for clocks that differ, so "exp" in the token is a minute before the end of `lifetime`.
  [[nodiscard]] std::string service_account_token(const std::string& name_space, const std::string& name,
                                                  std::chrono::seconds lifetime = std::chrono::hours(1)) const;

  /// Kills the API server: its connections end without a TLS or HTTP goodbye. etcd stays. From now on connections to
  /// the port are refused.
  void stop_api_server();
  /// Starts it again, on the same port and etcd, and waits until it is ready.
  void start_api_server();
  /// Freezes the API server with its connections (SIGSTOP: it accepts and never answers), or lets it go on.
  void freeze_api_server(bool frozen);

  /// Drops from etcd all versions of objects but the newest. Returns the revision (a resourceVersion, newer than all
  /// before) that was compacted at. The API server serves old versions out of its watch cache all the same: see
  /// expire_old_versions().
  std::int64_t compact_etcd();
  /// Makes each watch from a version that was seen before this call, and each `continue` of a list that began before
  /// it, end with 410: compacts etcd while the API server is restarted (as stop_api_server and start_api_server do),
  /// for its watch cache restarts then. What is listed afterwards is good again.
  void expire_old_versions();

 private:
  void prepare() const;
  void start(std::optional<Child>& child, const std::string& name) const;
  void wait_until_ready();
  [[nodiscard]] std::vector<std::string> kubectl_line(const std::vector<std::string>& arguments) const;
  [[nodiscard]] std::string last_words() const;

  ApiServerOptions options_;
  ClusterFolder folder_;
  HeldPort port_;
  HeldPort etcd_port_;
  std::optional<Child> etcd_;
  std::optional<Child> api_server_;
};

}  // namespace selvage::testing
