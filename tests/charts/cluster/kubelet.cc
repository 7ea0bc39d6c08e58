#include "tests/charts/cluster/kubelet.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

namespace selvage::testing {
namespace {

using nlohmann::json;

constexpr const char* kPods = "/api/v1/namespaces/kube-system/pods";
/// Programs as in images: accessible to every user, ours with CAP_NET_ADMIN as a file capability.
constexpr const char* kImage = "/run/image";
/// The path of a pod's credentials.
constexpr const char* kCredentials = "/run/secrets/kubernetes.io/serviceaccount";

std::string in_quotes(const std::string& text) {
  std::string all = "'";
  for (const char c : text) all += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return all + "'";
}

std::string pod_addresses(const json& pod) {
  std::string all;
  for (const json& address : pod["status"]["podIPs"])
    all += (all.empty() ? "" : ",") + address["ip"].get<std::string>();
  return all;
}

/// The fields of the downward API that the chart uses.
std::string field(const json& pod, const std::string& path) {
  if (path == "spec.nodeName") return pod["spec"]["nodeName"];
  if (path == "status.podIPs") return pod_addresses(pod);
  throw std::runtime_error("no fieldPath that this kubelet knows: " + path);
}

/// NAME=VALUE for env(1).
std::string environment(const json& pod, const json& container) {
  std::string all = "env -i " + in_quotes(std::string("PATH=") + kImage + ":" + kImage + "/cluster:/usr/bin:/bin");
  for (const json& variable : container.value("env", json::array())) {
    const std::string value = variable.contains("valueFrom")
                                  ? field(pod, variable["valueFrom"]["fieldRef"]["fieldPath"])
                                  : variable.value("value", "");
    all += " " + in_quotes(variable["name"].get<std::string>() + "=" + value);
  }
  return all;
}

/// The container's user, by default root.
std::string user_of(const json& container) {
  return std::to_string(container.at("securityContext").value("runAsUser", 0));
}

/// setpriv(1) with the container's user and the capabilities that it adds, and no others. What it starts has to be the
/// container's program: one between them would lose what is permitted to a user other than root.
std::string rights(const json& container) {
  const json& context = container.at("securityContext");
  REQUIRE(context.at("capabilities").at("drop") == json::array({"ALL"}));
  std::string sets = "-all";
  for (const json& capability : context["capabilities"].value("add", json::array())) {
    std::string name = capability;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    sets += ",+" + name;
  }
  const std::string user = user_of(container);
  return "setpriv --no-new-privs --reuid=" + user + " --regid=" + user + " --clear-groups --inh-caps=-all" +
         " --bounding-set=" + sets;
}

json volume_of(const json& pod, const std::string& name) {
  for (const json& volume : pod["spec"].value("volumes", json::array()))
    if (volume["name"] == name) return volume;
  throw std::runtime_error("the pod has no volume " + name);
}

std::string command_line(const json& container) {
  std::string all;
  for (const char* part : {"command", "args"})
    for (const json& word : container.value(part, json::array())) all += " " + in_quotes(word);
  return all;
}

}  // namespace

ChartCluster::ChartCluster() : KubeCluster(1, ApiServerOptions{}) {
  (void)server().must_kubectl({"delete", "-f", SELVAGE_AGENT_RBAC});
}

std::string ChartCluster::api_server_values() const {
  const std::string url = const_cast<ChartCluster*>(this)->wire().url();
  return "apiServer: {host: 127.0.0.1, port: " + url.substr(url.rfind(':') + 1) + "}\n";
}

json ChartCluster::read(const std::string& api, const std::string& resource, const std::string& name) {
  return json::parse(must(admin().get("/" + api + "/namespaces/kube-system/" + resource + "/" + name)));
}

json ChartCluster::make_pod(const json& workload, const std::string& name) {
  json pod = workload.at("spec").at("template");
  pod["metadata"]["name"] = name;
  pod["spec"]["nodeName"] = node_name(1);
  (void)must(admin().post(kPods, pod.dump()));
  json addresses = json::array();
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
    addresses.push_back({{"ip", node(1).underlay_addresses().of(family).to_string()}});
  const json status = {{"status", {{"phase", "Running"}, {"podIP", addresses[0]["ip"]}, {"podIPs", addresses}}}};
  return json::parse(must(admin().patch(std::string(kPods) + "/" + name + "/status", status.dump())));
}

/// A script that lays the program and the pod's volumes into /run and /mnt, which are private and empty, and makes the
/// rest read-only.
/// What a container of another pod would not see of this machine it does not use: the file system's content is no
/// matter here.
std::string ChartCluster::mounts(const json& pod, const json& container) {
  std::string script = "mount -t tmpfs tmpfs /run\nmount -t tmpfs tmpfs /mnt\n";
  script += std::string("mkdir -p ") + kImage + "/cluster\ncd " + kImage + "\ncp " + in_quotes(SELVAGE_BINARY) +
            " selvage\nsetcap cap_net_admin=p selvage\nmount --bind " + in_quotes(SELVAGE_CLUSTER_PROGRAMS) +
            " cluster\n";
  for (const json& mount : container.value("volumeMounts", json::array())) {
    const std::string path = mount["mountPath"];
    if (!path.starts_with("/run/") && !path.starts_with("/mnt/") && !path.starts_with("/var/run/secrets/"))
      throw std::runtime_error("no mount that this kubelet knows: " + path);
    script += "mkdir -p " + in_quotes(path) + "\n";
    const json volume = volume_of(pod, mount["name"]);
    const std::string source =
        volume.contains("hostPath") ? "--bind " + in_quotes(volume["hostPath"]["path"]) : "-t tmpfs tmpfs";
    script += "mount " + source + " " + in_quotes(path) + "\n";
  }
  if (pod["spec"].value("automountServiceAccountToken", true)) {
    const std::string account = pod["spec"]["serviceAccountName"];
    const json made = json::parse(must(admin().post(
        "/api/v1/namespaces/kube-system/serviceaccounts/" + account + "/token",
        R"({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 3607}})")));
    const std::string token = files_.path() / (account + ".token");
    if (!write_whole(token, made["status"]["token"])) throw std::runtime_error("cannot write " + token);
    script += std::string("mkdir -p ") + kCredentials + "\ncp " + in_quotes(token) + " " + kCredentials +
              "/token\ncp " + in_quotes(server().ca_file()) + " " + kCredentials + "/ca.crt\nprintf kube-system >" +
              kCredentials + "/namespace\nchown -R " + user_of(container) + " " + kCredentials + "\n";
  }
  if (container["securityContext"].value("readOnlyRootFilesystem", false)) {
    for (const std::string place : {"/", "/run", "/mnt"}) script += "mount -o remount,bind,ro " + place + "\n";
  }
  return script;
}

Process ChartCluster::start_container(const json& pod, const json& container) {
  const std::string script = "set -e\n" + mounts(pod, container) + "exec " + environment(pod, container) + " " +
                             rights(container) + command_line(container) + "\n";
  auto started = Process::start(node(1).space(), {"unshare", "--mount", "sh", "-c", script},
                                files_.path() / (container["name"].get<std::string>() + ".log"));
  if (!started) throw std::runtime_error(started.error().message);
  return std::move(*started);
}

std::string ChartCluster::container_log(const json& container) const {
  return read_whole(files_.path() / (container["name"].get<std::string>() + ".log")).value_or("");
}

bool ChartCluster::becomes_ready(const json& pod, const json& container, const std::string& probe) {
  const json& get = container.at(probe).at("httpGet");
  const json& port = container.at("ports").at(0);
  REQUIRE(get.at("port") == port.at("name"));
  const std::string host = get.value("host", pod["status"]["podIP"].get<std::string>());
  const std::string url =
      "http://" + host + ":" + std::to_string(port["containerPort"].get<int>()) + get.at("path").get<std::string>();
  Http http(&node(1).space());
  const auto deadline = std::chrono::steady_clock::now() + kRecovery;
  std::string last = "nobody listens";
  while (std::chrono::steady_clock::now() < deadline) {
    try {
      const ApiResponse response = http.request("GET", url);
      if (response.status == 200) return true;
      last = response.body;
    } catch (const std::runtime_error&) {
      // The container does not listen yet.
    }
    std::this_thread::sleep_for(milliseconds(50));
  }
  UNSCOPED_INFO(url << ": " << last << "\n" << container_log(container));
  return false;
}

}  // namespace selvage::testing
