#include "tests/cluster/api_server.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "tests/cluster/api_client.h"
#include "tests/cluster/token.h"

namespace selvage::testing {
namespace {

using namespace std::chrono_literals;

/// As long as a busy machine may take to start the servers.
constexpr auto kPatience = 120s;
/// How often a server is asked whether it is ready: nothing announces it.
constexpr auto kPause = 20ms;
/// What the API server allows for clocks that differ (go-jose's DefaultLeeway).
constexpr auto kLeeway = 60s;

/// An anonymous file: unlike a pipe it never fills up, so nobody has to read while a child writes.
UniqueFd scratch_file(std::string_view content = {}) {
  UniqueFd fd(::memfd_create("selvage-kubectl", MFD_CLOEXEC));
  std::size_t done = 0;
  while (fd && done < content.size()) {
    const ssize_t size = ::write(fd.get(), content.data() + done, content.size() - done);
    if (size < 0) break;
    done += static_cast<std::size_t>(size);
  }
  if (!fd || done < content.size() || ::lseek(fd.get(), 0, SEEK_SET) != 0)
    throw std::system_error(errno, std::generic_category(), "anonymous file");
  return fd;
}

std::string content_of(const UniqueFd& fd) {
  std::string text;
  char buffer[4096];
  ::lseek(fd.get(), 0, SEEK_SET);
  for (ssize_t size = 0; (size = ::read(fd.get(), buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(size));
  return text;
}

KubectlResult run(const std::vector<std::string>& argv, const lab::Namespace* where, std::string_view input) {
  const UniqueFd in = scratch_file(input);
  const UniqueFd out = scratch_file();
  const UniqueFd err = scratch_file();
  const int status = Child(argv, where, {in.get(), out.get(), err.get()}).wait();
  return {status, content_of(out), content_of(err)};
}

std::string must_run(const std::vector<std::string>& argv, const lab::Namespace* where, std::string_view input) {
  KubectlResult result = run(argv, where, input);
  if (result.status == 0) return std::move(result.output);
  std::string text;
  for (const std::string& word : argv) text += word + " ";
  throw std::runtime_error(text + "exits " + std::to_string(result.status) + ": " + result.errors + result.output);
}

std::string program(const std::string& name) { return SELVAGE_CLUSTER_PROGRAMS "/" + name; }

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::string tail_of(const std::string& path) {
  const std::vector<std::string> lines = lines_of(path);
  std::string text = path + ":\n";
  for (std::size_t i = lines.size() - std::min<std::size_t>(lines.size(), 15); i < lines.size(); ++i)
    text += lines[i] + "\n";
  return text;
}

}  // namespace

ApiServer::ApiServer(ApiServerOptions options)
    : options_(std::move(options)), port_(options_.where), etcd_port_(options_.where) {
  if (!options_.addresses.empty() && options_.where == nullptr)
    throw std::runtime_error("an API server that listens beyond loopback needs a network namespace of its own");
  prepare();
  start(etcd_, "etcd");
  start_api_server();
}

void ApiServer::prepare() const {
  std::vector<std::string> argv{SELVAGE_CLUSTER_PREPARE, folder_.path(), std::to_string(port_.number()),
                                std::to_string(etcd_port_.number())};
  for (const std::string& address : options_.addresses) argv.insert(argv.end(), {"--address", address});
  argv.emplace_back("--");
  std::string gates;
  for (const std::string& gate : options_.feature_gates) gates += (gates.empty() ? "" : ",") + gate;
  if (!gates.empty()) argv.push_back("--feature-gates=" + gates);
  argv.insert(argv.end(), options_.flags.begin(), options_.flags.end());
  must_run(argv, nullptr, {});
}

void ApiServer::start(std::optional<Child>& child, const std::string& name) const {
  std::vector<std::string> argv = lines_of(file(name + ".flags"));
  argv.insert(argv.begin(), program(name));
  const UniqueFd log(::open(file(name + ".log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  child.emplace(argv, options_.where, ChildStreams{-1, log.get(), log.get()});
}

void ApiServer::start_api_server() {
  start(api_server_, "kube-apiserver");
  wait_until_ready();
}

void ApiServer::wait_until_ready() {
  ApiClient client(*this);
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < until) {
    try {
      if (client.get("/readyz").status == 200) return;
    } catch (const std::runtime_error&) {
      // It does not listen yet.
    }
    if (!etcd_->running() || !api_server_->running()) break;
    std::this_thread::sleep_for(kPause);
  }
  throw std::runtime_error("the API server does not get ready\n" + last_words());
}

std::string ApiServer::last_words() const { return tail_of(file("kube-apiserver.log")) + tail_of(file("etcd.log")); }

void ApiServer::stop_api_server() { api_server_.reset(); }

void ApiServer::freeze_api_server(bool frozen) { api_server_.value().signal(frozen ? SIGSTOP : SIGCONT); }

KubectlResult ApiServer::kubectl(const std::vector<std::string>& arguments, std::string_view input) const {
  return run(kubectl_line(arguments), options_.where, input);
}

std::string ApiServer::must_kubectl(const std::vector<std::string>& arguments, std::string_view input) const {
  return must_run(kubectl_line(arguments), options_.where, input);
}

std::vector<std::string> ApiServer::kubectl_line(const std::vector<std::string>& arguments) const {
  // Its own cache: another cluster's of the same port would tell of other resources.
  std::vector<std::string> argv{program("kubectl"), "--kubeconfig", kubeconfig(), "--cache-dir", file("kubectl-cache")};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return argv;
}

std::string ApiServer::service_account_token(const std::string& name_space, const std::string& name,
                                             std::chrono::seconds lifetime) const {
  ApiClient client(*this);
  const std::string object = must(client.get("/api/v1/namespaces/" + name_space + "/serviceaccounts/" + name));
  const std::string uid = nlohmann::json::parse(object).at("metadata").at("uid");
  return sign_token({name_space, name, uid}, std::chrono::system_clock::now() + lifetime - kLeeway,
                    file("service-account.key"));
}

std::int64_t ApiServer::compact_etcd() {
  Http http(options_.where);
  const auto ask = [&](const std::string& path, const nlohmann::json& body) {
    const std::string url = "http://127.0.0.1:" + std::to_string(etcd_port_.number()) + "/v3/kv/" + path;
    return nlohmann::json::parse(must(http.request("POST", url, {}, body.dump())));
  };
  // A compaction keeps the version that it is at: one that nobody has seen. Key and value are base64.
  const std::string revision = ask("put", {{"key", "c2VsdmFnZQ=="}, {"value", ""}}).at("header").at("revision");
  ask("compaction", {{"revision", revision}, {"physical", true}});
  return std::stoll(revision);
}

void ApiServer::expire_old_versions() {
  stop_api_server();
  compact_etcd();
  start_api_server();
}

}  // namespace selvage::testing
