#include "tests/cluster/proxied_connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>

namespace selvage::testing {
namespace {

/// How soon a change of faults is seen by a connection on which nothing happens.
constexpr int kMomentMs = 5;

void send_at_once(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int status_of(const std::string& head) {
  const std::size_t space = head.find(' ');
  return space == std::string::npos ? 0 : std::atoi(head.c_str() + space);
}

/// A request's body, by its Content-Length; what came after it stays in `rest`.
std::string read_body(const std::string& head, TlsStream& stream, std::string& rest) {
  const std::string length = header(head, "content-length");
  const std::size_t size = length.empty() ? 0 : std::stoul(length);
  while (rest.size() < size) {
    const auto more = stream.read();
    if (!more) throw std::runtime_error("the request ends in its body");
    rest += *more;
  }
  std::string body = rest.substr(0, size);
  rest.erase(0, size);
  return body;
}

std::string with_header(std::string head, const std::string& line) {
  return head.insert(head.size() - 2, line + "\r\n");
}

}  // namespace

ProxiedConnection::ProxiedConnection(Surroundings surroundings, std::shared_ptr<SSL_CTX> as_server, UniqueFd agent)
    : surroundings_(surroundings), as_server_(std::move(as_server)), agent_(std::move(agent)) {
  send_at_once(agent_.get());
  thread_ = std::thread([this] { run(); });
}

ProxiedConnection::~ProxiedConnection() {
  end();
  thread_.join();
}

void ProxiedConnection::end() {
  ending_ = true;
  const std::lock_guard lock(mutex_);
  ::shutdown(agent_.get(), SHUT_RDWR);
  if (server_) ::shutdown(server_.get(), SHUT_RDWR);
}

void ProxiedConnection::run() {
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  try {
    serve();
  } catch (const std::exception&) {
    // The agent or the server broke the connection off, or spoke no TLS or HTTP: the end of this one either way.
  }
  end();
  ended_ = true;
}

void ProxiedConnection::serve() {
  if (!wait_out_stall("")) return;
  TlsStream agent = TlsStream::accept(*as_server_, agent_.get());
  std::string rest;
  while (const auto head = read_head(agent, rest)) {
    const std::size_t first = head->find(' ') + 1;
    Exchange exchange{head->substr(first, head->find(' ', first) - first), parse_request(*head), agent};
    exchange.body = read_body(*head, agent, rest);
    if (!serve(exchange)) return;
  }
}

bool ProxiedConnection::serve(Exchange& exchange) {
  const std::size_t number = surroundings_.log.add(exchange.request);
  if (!wait_out_stall(exchange.target)) return false;
  const Fault fault = surroundings_.faults.of(exchange.target).fault;
  if (fault.kind == Fault::Kind::answer) {
    exchange.agent.write(fault.answer);
    return false;
  }
  connect_to_server();
  return answer_of_server(exchange, number);
}

void ProxiedConnection::connect_to_server() {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(surroundings_.server_port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("the API server refuses the connection");
  send_at_once(fd.get());
  const std::lock_guard lock(mutex_);
  server_ = std::move(fd);
}

bool ProxiedConnection::answer_of_server(Exchange& exchange, std::size_t number) {
  TlsStream server = TlsStream::connect(surroundings_.as_client, server_.get());
  const std::string asked = with_header(without_headers(exchange.request.head, {"connection"}), "Connection: close");
  if (!server.write(asked + exchange.body)) return false;
  std::string rest;
  const auto head = read_head(server, rest);
  if (!head) return false;
  BodyReader body(*head);
  const std::string plain = without_headers(*head, {"connection", "content-length", "transfer-encoding"});
  if (!exchange.agent.write(with_header(plain, "Transfer-Encoding: chunked"))) return false;
  surroundings_.log.answered(number, status_of(*head));
  return relay_body(exchange, server, body, rest) && exchange.agent.write(kLastChunk);
}

bool ProxiedConnection::relay_body(Exchange& exchange, TlsStream& server, BodyReader& body, std::string bytes) {
  for (;;) {
    if (!forward(exchange, body.take(std::move(bytes))) || !inject(exchange)) return false;
    if (body.done()) return true;
    bytes.clear();
    if (!server.pending() && !agent_stays(server_.get())) return false;
    pollfd readable{server_.get(), POLLIN, 0};
    if (!server.pending() && ::poll(&readable, 1, 0) != 1) continue;
    auto more = server.read();
    if (!more) return body.done_by_end();
    bytes = std::move(*more);
  }
}

bool ProxiedConnection::inject(Exchange& exchange) {
  if (!exchange.between_events || !exchange.request.is_watch()) return true;
  return forward(exchange, surroundings_.faults.take_injections(exchange.request.path, exchange.target));
}

bool ProxiedConnection::forward(Exchange& exchange, std::string bytes) {
  if (!bytes.empty()) exchange.between_events = bytes.back() == '\n';
  while (!bytes.empty()) {
    if (!wait_out_stall(exchange.target)) return false;
    const FaultTable::State state = surroundings_.faults.of(exchange.target);
    if (std::exchange(exchange.change, state.change) != state.change) exchange.cut_left = state.fault.bytes;
    const bool cuts = state.fault.kind == Fault::Kind::cut;
    const bool drips = state.fault.kind == Fault::Kind::drip;
    const std::size_t count = cuts ? exchange.cut_left : drips ? state.fault.bytes : bytes.size();
    if (!forward_some(exchange, bytes, std::min(count, bytes.size()))) return false;
    if (drips && !pause(exchange, state.fault.interval)) return false;
    if (cuts && exchange.cut_left == 0) return false;
  }
  return true;
}

bool ProxiedConnection::forward_some(Exchange& exchange, std::string& bytes, std::size_t count) {
  if (count == 0) return true;
  const bool sent = exchange.agent.write(as_chunk(std::string_view(bytes).substr(0, count)));
  bytes.erase(0, count);
  exchange.cut_left -= std::min(count, exchange.cut_left);
  return sent;
}

bool ProxiedConnection::pause(const Exchange& exchange, std::chrono::milliseconds interval) {
  const auto until = std::chrono::steady_clock::now() + interval;
  if (interval.count() <= kMomentMs) {
    std::this_thread::sleep_until(until);
    return !ending_;
  }
  while (std::chrono::steady_clock::now() < until)
    if (surroundings_.faults.of(exchange.target).change != exchange.change)
      return true;
    else if (!agent_stays(-1))
      return false;
  return true;
}

bool ProxiedConnection::wait_out_stall(const std::string& target) {
  while (surroundings_.faults.of(target).fault.kind == Fault::Kind::stall)
    if (!agent_stays(-1)) return false;
  return !ending_;
}

bool ProxiedConnection::agent_stays(int fd) {
  std::array<pollfd, 2> entries = {pollfd{agent_.get(), POLLRDHUP, 0}, pollfd{fd, POLLIN, 0}};
  ::poll(entries.data(), entries.size(), kMomentMs);
  return entries[0].revents == 0 && !ending_;
}

}  // namespace selvage::testing
