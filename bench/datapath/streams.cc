#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/clock.h"
#include "bench/datapath/sockets.h"
#include "bench/datapath/traffic.h"
#include "bench/durations.h"
#include "bench/realtime.h"

namespace selvage::bench {
namespace {

constexpr std::size_t kRequest = 64;
constexpr std::size_t kChunk = 128U << 10U;

double quantile(std::vector<double>& values, double at) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(at * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

/// The kernel defers long work to a thread of its own, which waits while this one runs.
void let_kernel_run() { std::this_thread::sleep_for(std::chrono::microseconds(10)); }

/// Answers each request until the peer closes.
void serve(int fd) {
  become_realtime();
  std::array<char, kRequest> bytes{};
  while (recv(fd, bytes.data(), bytes.size(), MSG_WAITALL) == static_cast<ssize_t>(bytes.size()))
    if (send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) return;
}

}  // namespace

Result<Traffic::Stream> Traffic::connect_stream(int flags) {
  Stream stream;
  stream.client = UniqueFd(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!stream.client) return fail_errno("socket", errno);
  if (const auto begun = connect_to(stream.client, receiver_->addresses.v4, kAllowedPort); !begun)
    return tl::unexpected<Error>(begun.error());
  const Moment start = Clock::now();
  // On one core the handshake is over when connect() returns.
  while (!stream.server) {
    stream.server = UniqueFd(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | flags));
    if (!stream.server && Clock::now() - start > std::chrono::seconds(3)) return fail("no connection");
    if (!stream.server) let_kernel_run();
  }
  close_by_reset(stream.client);
  return stream;
}

Result<Slice> Traffic::run_connections(std::chrono::microseconds time) {
  std::size_t made = 0;
  const Moment start = Clock::now();
  for (; Clock::now() - start < time; ++made)
    if (const auto stream = connect_stream(SOCK_NONBLOCK); !stream) return tl::unexpected<Error>(stream.error());
  return Slice{{Work::tcp_connections, nanoseconds(Clock::now() - start) / static_cast<double>(made)}};
}

Result<Slice> Traffic::run_requests(std::chrono::microseconds time) {
  Result<Stream> stream = connect_stream(0);
  if (!stream) return tl::unexpected<Error>(stream.error());
  const int yes = 1;
  for (const UniqueFd* fd : {&stream->client, &stream->server})
    setsockopt(fd->get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  std::thread server(serve, stream->server.get());
  std::vector<double> took;
  std::array<char, kRequest> bytes{};
  const int client = stream->client.get();
  fcntl(client, F_SETFL, 0);  // blocking from now on
  const Moment start = Clock::now();
  for (Moment begin = start; begin - start < time;) {
    const bool sent = send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
    if (!sent || recv(client, bytes.data(), bytes.size(), MSG_WAITALL) <= 0) break;
    const Moment end = Clock::now();
    took.push_back(nanoseconds(end - begin));
    begin = end;
  }
  shutdown(client, SHUT_RDWR);
  server.join();
  if (took.size() < 10) return fail("hardly any request was answered");
  took.erase(took.begin(), took.begin() + 5);  // until the threads have moved to their core
  return Slice{{Work::tcp_request_p50, quantile(took, 0.5)}, {Work::tcp_request_p99, quantile(took, 0.99)}};
}

Result<Slice> Traffic::run_bulk(std::chrono::microseconds time) {
  const Result<Stream> stream = connect_stream(SOCK_NONBLOCK);
  if (!stream) return tl::unexpected<Error>(stream.error());
  std::vector<char> bytes(kChunk);
  std::size_t received = 0;
  // TCP's window opens first: earlier data is not counted.
  const auto carry = [&](std::chrono::microseconds until) {
    received = 0;
    const Moment start = Clock::now();
    while (Clock::now() - start < until) {
      const std::size_t before = received;
      const bool sent = send(stream->client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0;
      for (ssize_t got = 0; (got = recv(stream->server.get(), bytes.data(), bytes.size(), 0)) > 0;)
        received += static_cast<std::size_t>(got);
      if (!sent && received == before) let_kernel_run();
    }
    return nanoseconds(Clock::now() - start);
  };
  carry(time / 4);
  const double took = carry(time);
  if (received < kChunk) return fail("only " + std::to_string(received) + " bytes were carried");
  return Slice{{Work::tcp_bulk, took / (static_cast<double>(received) / (1U << 20U))}};
}

}  // namespace selvage::bench
