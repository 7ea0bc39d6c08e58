#include "agent_process.h"

#include <sys/time.h>

#include <array>
#include <csignal>

#include "lab/manifest.h"
#include "must.h"

namespace selvage::soak {
namespace {

constexpr const char* kHttpAddress = "127.0.0.1";
constexpr std::uint16_t kHttpPort = 9697;
constexpr std::size_t kTail = 6000;
constexpr std::uintmax_t kLargeLog = 4 << 20;

/// The server's answer up to the end of the connection; empty without one.
std::string ask(const Network& network, const std::string& request) {
  const UniqueFd fd = must(network.node().socket(AF_INET, SOCK_STREAM));
  const timeval patience{10, 0};
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const lab::SocketAddress server({must(IpAddress::parse(kHttpAddress)), kHttpPort});
  if (connect(fd.get(), server.get(), server.size()) != 0) return "";
  send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL);
  std::string answer;
  std::array<char, 16384> buffer;
  for (ssize_t n = 0; (n = recv(fd.get(), buffer.data(), buffer.size(), 0)) > 0;)
    answer.append(buffer.data(), static_cast<std::size_t>(n));
  return answer;
}

}  // namespace

std::optional<std::string> verify_node(const Network& network, const std::filesystem::path& binary,
                                       const std::filesystem::path& manifests, const lab::Argv& more) {
  lab::Argv command{binary, "verify", "--manifests", manifests, "--node", kNodeName};
  command.insert(command.end(), more.begin(), more.end());
  const auto done = lab::run(network.node(), command);
  return done ? std::nullopt : std::optional(done.error().message);
}

AgentProcess::AgentProcess(const Network& network, std::filesystem::path binary, std::filesystem::path manifests,
                           std::filesystem::path place)
    : network_(network), binary_(std::move(binary)), manifests_(std::move(manifests)), place_(std::move(place)) {}

void AgentProcess::start(const std::string& table_owner) {
  process_.emplace(
      must(lab::Process::start(network_.node(),
                               {binary_, "agent", "--manifests", manifests_, "--node", kNodeName, "--table-owner",
                                table_owner, "--status-socket", place_ / "status.sock", "--http-address", kHttpAddress},
                               place_ / "agent.log")));
}

void AgentProcess::stop(int signal) {
  check_running();
  process_->stop(signal);
  process_.reset();
}

void AgentProcess::signal(int number) const { kill(process_->pid(), number); }

void AgentProcess::check_running() {
  const auto status = process_->wait(std::chrono::milliseconds(0));
  if (status) throw std::runtime_error("the agent has ended by itself, status " + std::to_string(*status));
}

std::optional<std::string> AgentProcess::verify() const { return verify_node(network_, binary_, manifests_, {}); }

double AgentProcess::metric(const std::string& name) const {
  const std::string page = ask(network_, "GET /metrics HTTP/1.0\r\n\r\n");
  const std::size_t at = page.find("\n" + name + " ");
  if (at == std::string::npos) throw std::runtime_error("no metric " + name + " on the page: " + page.substr(0, 200));
  return std::stod(page.substr(at + name.size() + 2));
}

Usage AgentProcess::usage() const { return must(usage_of(process_->pid())); }

bool AgentProcess::owns_tables() const {
  const auto text = lab::run(network_.node(), {"nft", "list", "table", "inet", "selvage"});
  return text && text->find("flags owner") != std::string::npos;
}

std::string AgentProcess::log_tail() const {
  const std::string log = lab::read_whole(place_ / "agent.log").value_or("");
  return log.substr(log.size() > kTail ? log.size() - kTail : 0);
}

void AgentProcess::trim_log() const {
  std::error_code ignored;
  if (std::filesystem::file_size(place_ / "agent.log", ignored) > kLargeLog)
    std::filesystem::resize_file(place_ / "agent.log", 0, ignored);
}

}  // namespace selvage::soak
