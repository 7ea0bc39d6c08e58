#include "tests/packaging/package.h"

#include <catch2/catch.hpp>

#include "tests/packaging/machine.h"
#include "tests/support/pod_network.h"

/// The Debian package on a machine with a real systemd: installed, configured, upgraded, removed.
namespace selvage::testing {
namespace {

/// A machine as a node with pods: `web` may reach `api`, `other` may not.
struct PackagedNode : PodNetwork {
  TestPod& api = add_pod({"prod", "api", {{"app", "api"}}});
  TestPod& web = add_pod({"prod", "web", {{"app", "web"}}});
  TestPod& other = add_pod({"prod", "other", {{"app", "other"}}});
  Machine machine{node(1).space()};

  PackagedNode() {
    for (const TestPod* pod : {&api, &web, &other}) {
      PodManifest manifest{"prod", pod->setup.name, node_name(1), pod->setup.labels};
      manifest.addresses = {pod->address(IpFamily::v4), pod->address(IpFamily::v6)};
      machine.write("/srv/manifests/" + pod->setup.name + ".yaml", manifest.to_yaml());
    }
    machine.write("/srv/manifests/policy.yaml",
                  network_policy_yaml("prod", "api",
                                      "{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: "
                                      "{matchLabels: {app: web}}}]}]}"));
    machine.shell("chmod -R a+rX /srv");
  }
  /// Copies the package to the machine and installs it, with another version if one is given.
  std::string install(const std::string& version = "") {
    std::filesystem::copy_file(package_file(), machine.path("/srv/selvage.deb"),
                               std::filesystem::copy_options::overwrite_existing);
    if (!version.empty())
      machine.shell("cd /srv && dpkg-deb --raw-extract selvage.deb next && sed -i 's/^Version: .*/Version: " + version +
                    "/' next/DEBIAN/control && dpkg-deb -Znone --build next selvage.deb");
    // Triggers would make man-db read all pages of this machine.
    return machine.shell("dpkg --no-triggers --install /srv/selvage.deb 2>&1");
  }
  void configure(const std::string& more) {
    machine.write("/etc/selvage/agent.yaml", "node: " + node_name(1) + "\n" + more);
    machine.shell("chmod a+r /etc/selvage/agent.yaml");
  }
  void use_api_server(const std::string& url) {
    machine.write("/etc/selvage/kubeconfig",
                  "apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters: [{name: c, cluster: {server: '" + url +
                      "'}}]\ncontexts: [{name: c, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {}}]\n");
    machine.shell("chmod 600 /etc/selvage/kubeconfig");
    configure("");
  }
  void start() {
    const auto started = machine.run("systemctl enable --now selvage 2>&1");
    INFO((started ? "" : started.error().message) << machine.journal("selvage"));
    REQUIRE(started);
  }
  std::string property(const std::string& name) {
    std::string value = machine.shell("systemctl show --value --property=" + name + " selvage");
    return value.substr(0, value.find('\n'));
  }
  /// A field of /proc/PID/status.
  std::string process(const std::string& field) {
    return machine.shell("sed -n 's/^" + field + ":\\t*//p' /proc/" + property("MainPID") + "/status");
  }
  std::string tables() { return machine.shell("nft --handle list tables"); }
  /// Without waiting: a started service enforces.
  void check_enforced() { check({allow(web, api), deny(other, api), allow(other, web)}); }
};

}  // namespace

TEST_CASE("installing the package does not start the service, and without configuration it fails for good") {
  PackagedNode n;
  n.install();
  CHECK_FALSE(n.machine.run("systemctl is-enabled selvage"));
  CHECK(n.property("ActiveState") == "inactive");
  CHECK_FALSE(n.machine.run("systemctl start selvage"));
  CHECK(n.property("ExecMainStatus") == "2");
  CHECK(n.property("ActiveState") == "failed");
  CHECK(n.tables().empty());
}

TEST_CASE("the service enforces once it has started, as an unprivileged user with one capability") {
  PackagedNode n;
  n.install();
  n.configure("manifests: /srv/manifests\n");
  n.start();
  n.check_enforced();
  CHECK_THAT(n.process("Uid"), !Catch::StartsWith("0"));
  for (const std::string set : {"CapEff", "CapPrm", "CapBnd", "CapAmb"}) {
    INFO(set);
    CHECK(n.process(set) == "0000000000001000\n");  // CAP_NET_ADMIN
  }
  CHECK(n.process("NoNewPrivs") == "1\n");
  CHECK(n.process("Seccomp") == "2\n");
  const auto status = n.machine.run("selvage status");
  INFO((status ? *status : status.error().message) << n.machine.journal("selvage"));
  CHECK(status);
  CHECK(n.machine.run("selvage verify --config /etc/selvage/agent.yaml"));
  CHECK_FALSE(n.machine.run("setpriv --reuid=nobody --clear-groups selvage status"));

  n.machine.shell("systemctl stop selvage");
  n.check_enforced();
}

TEST_CASE("the service reads a kubeconfig that only root may read") {
  PackagedNode n;
  n.install();
  n.machine.shell("ip address add 192.0.2.1/32 dev lo");
  n.use_api_server("http://192.0.2.1:8080");
  const Process server = Process::start(n.node(1).space(), {"python3", "-u", "-m", "http.server", "8080"},
                                        n.machine.path("/srv/server.log"))
                             .value();
  n.machine.shell("systemctl --no-block start selvage");
  CHECK(eventually([&] {
    (void)n.machine.run("sleep 0.1");
    return read_whole(n.machine.path("/srv/server.log")).value_or("").find("/networkpolicies?") != std::string::npos;
  }));
  INFO(n.machine.journal("selvage"));
  // Not started before the first list, and nothing waits for it.
  CHECK(n.property("ActiveState") == "activating");
  CHECK(n.property("NRestarts") == "0");
}

TEST_CASE("booting does not wait for an unreachable API server") {
  PackagedNode n;
  n.install();
  n.use_api_server("http://127.0.0.1:1");
  n.machine.shell("systemctl enable selvage && timeout 60 systemctl start multi-user.target");
  CHECK(n.property("ActiveState") == "activating");
}

TEST_CASE("kubelet can be ordered after the first commit") {
  PackagedNode n;
  n.install();
  n.configure("manifests: /srv/manifests\n");
  n.machine.write("/etc/systemd/system/kubelet.service",
                  "[Service]\nType=oneshot\nExecStart=sh -c 'nft list tables >/srv/seen'\n"
                  "[Install]\nWantedBy=multi-user.target\n");
  n.machine.write("/etc/systemd/system/selvage.service.d/kubelet.conf", "[Unit]\nBefore=kubelet.service\n");
  n.machine.shell("systemctl daemon-reload && systemctl enable kubelet selvage && systemctl start multi-user.target");
  CHECK(n.machine.shell("cat /srv/seen").find("table inet selvage\n") != std::string::npos);
}

TEST_CASE("an upgrade replaces the agent and keeps tables and configuration, a removal deletes the tables") {
  PackagedNode n;
  n.install();
  n.configure("manifests: /srv/manifests\n");
  n.start();
  const std::string tables = n.tables();
  const std::string agent = n.property("MainPID");
  REQUIRE_FALSE(tables.empty());

  n.install("9.0-1");
  CHECK(eventually([&] {
    (void)n.machine.run("sleep 0.1");
    return n.property("ActiveState") == "active" && n.property("MainPID") != agent;
  }));
  CHECK(n.tables() == tables);  // with equal handles: never deleted in between
  n.check_enforced();
  CHECK(n.machine.shell("cat /etc/selvage/agent.yaml").starts_with("node: "));

  INFO(n.machine.shell("dpkg --no-triggers --remove selvage 2>&1"));
  CHECK(n.tables().empty());
  CHECK(n.property("ActiveState") == "inactive");
  n.check({allow(n.other, n.api)});
  CHECK(std::filesystem::exists(n.machine.path("/etc/selvage/agent.yaml")));

  n.machine.shell("dpkg --no-triggers --purge selvage 2>&1");
  CHECK_FALSE(std::filesystem::exists(n.machine.path("/etc/selvage")));
  CHECK(n.machine.shell("find /etc/systemd/system -name '*selvage*'").empty());
}

TEST_CASE("an upgrade does not start a stopped service, and its tables stay") {
  PackagedNode n;
  n.install();
  n.configure("manifests: /srv/manifests\n");
  n.start();
  n.machine.shell("systemctl stop selvage");
  const std::string tables = n.tables();
  n.install("9.0-1");
  CHECK(n.property("ActiveState") == "inactive");
  CHECK(n.tables() == tables);
  n.check_enforced();
}

TEST_CASE("a removal succeeds and keeps tables that another agent owns") {
  PackagedNode n;
  n.install();
  const auto manifests = n.machine.path("/srv/manifests");
  const auto log = n.machine.path("/srv/agent.log");
  const Process agent =
      Process::start(n.node(1).space(),
                     {SELVAGE_BINARY, "agent", "--node", node_name(1), "--manifests", manifests, "--table-owner", "on"},
                     log)
          .value();
  REQUIRE(PackagedNode::become({deny(n.other, n.api)}));
  n.machine.shell("dpkg --no-triggers --remove selvage 2>&1");
  CHECK_FALSE(std::filesystem::exists(n.machine.path("/usr/sbin/selvage")));
  n.check_enforced();
}

}  // namespace selvage::testing
