#include "tests/cluster/fault_proxy.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace selvage::testing {
namespace {

void check(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("fault proxy: ") + what + ": " + std::strerror(errno));
}

}  // namespace

FaultProxy::FaultProxy(const ApiServer& server, const lab::Namespace& where)
    : server_(server),
      where_(where),
      as_server_(tls_server_context(server.file("server.crt"), server.file("server.key"))),
      as_client_(tls_client_context(server.ca_file())) {
  listen();
}

FaultProxy::~FaultProxy() { refuse(); }

void FaultProxy::listen() {
  open_listener();
  stop_ = UniqueFd(::eventfd(0, EFD_CLOEXEC));
  check(static_cast<bool>(stop_), "eventfd");
  acceptor_ = std::thread([this] { accept_connections(); });
}

void FaultProxy::open_listener() {
  auto fd = where_.socket(AF_INET, SOCK_STREAM);
  check(fd.has_value(), "socket");
  const int on = 1;
  setsockopt(fd->get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  check(::bind(fd->get(), plain, size) == 0, "bind");
  check(::listen(fd->get(), SOMAXCONN) == 0, "listen");
  check(::getsockname(fd->get(), plain, &size) == 0, "getsockname");
  port_ = ntohs(address.sin_port);
  listener_ = std::move(*fd);
}

void FaultProxy::refuse() {
  stop_accepting();
  hang_up();
}

void FaultProxy::stop_accepting() {
  if (!acceptor_.joinable()) return;
  const std::uint64_t one = 1;
  check(::write(stop_.get(), &one, sizeof one) == sizeof one, "write");
  acceptor_.join();
  listener_ = UniqueFd();
}

void FaultProxy::hang_up() { sweep(true); }

void FaultProxy::present(const std::string& certificate, const std::string& key) {
  std::shared_ptr<SSL_CTX> context = tls_server_context(certificate, key);
  const std::lock_guard lock(mutex_);
  as_server_ = std::move(context);
}

void FaultProxy::accept_connections() {
  std::array<pollfd, 2> entries = {pollfd{stop_.get(), POLLIN, 0}, pollfd{listener_.get(), POLLIN, 0}};
  for (;;) {
    ::poll(entries.data(), entries.size(), -1);
    if (entries[0].revents != 0) return;
    UniqueFd agent(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!agent) continue;
    sweep(false);
    const std::lock_guard lock(mutex_);
    connections_.push_back(std::make_unique<ProxiedConnection>(
        ProxiedConnection::Surroundings{server_.port(), *as_client_, log_, faults_}, as_server_, std::move(agent)));
  }
}

void FaultProxy::sweep(bool end_all) {
  const std::lock_guard lock(mutex_);
  for (const auto& connection : connections_)
    if (end_all) connection->end();
  connections_.remove_if([&](const auto& connection) { return end_all || connection->ended(); });
}

}  // namespace selvage::testing
