#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <random>
#include <thread>
#include <vector>

#include "tests/telemetry/served.h"

/// Malicious and broken clients: well-behaved ones are still served.
namespace selvage::telemetry {
namespace {

using std::chrono::milliseconds;
using Clients = std::vector<UniqueFd>;

const std::string kRequest = "GET /big HTTP/1.1\r\nHost: x\r\n\r\n";

Clients connect_many(std::size_t count, const HttpAddress& address, const std::string& text,
                     const std::string& source = "") {
  Clients clients;
  for (std::size_t i = 0; i < count; ++i) {
    clients.push_back(connect_to(address, source));
    send_text(clients.back(), text);
  }
  return clients;
}

std::size_t open_fds() {
  const std::filesystem::directory_iterator fds("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(fds), end(fds)));
}

TEST_CASE("200 clients that hang after half a request do not block others") {
  const Served served;
  const Clients clients = connect_many(200, served.v4(), "GET /met");
  for (int i = 0; i < 20; ++i) CHECK(served.works());
}

TEST_CASE("500 clients do not exceed the limit of connections") {
  const Served served;
  REQUIRE(served.works());
  const std::size_t before = open_fds();
  const Clients clients = connect_many(500, served.v4(), "G");
  CHECK(served.works());
  CHECK(open_fds() <= before + clients.size() + HttpLimits{}.connections + 2);
}

TEST_CASE("500 silent clients occupy no connections") {
  const Served served;
  REQUIRE(served.works());
  const std::size_t before = open_fds();
  const Clients clients = connect_many(500, served.v4(), "");
  CHECK(served.works());
  CHECK(open_fds() <= before + clients.size() + 2);
}

TEST_CASE("clients of one address do not displace a client of another") {
  const Served served;
  const UniqueFd early = connect_to(served.v4());
  send_text(early, "GET /early HTTP/1.1\r\n");
  const Clients clients = connect_many(200, served.v4(), "GET /met", "127.0.0.2");
  // A later client is served after them.
  CHECK(served.works());
  send_text(early, "Host: x\r\n\r\n");
  CHECK(parse_answer(read_to_end(early)).value().body == "/early");
}

TEST_CASE("a client that sends single bytes gets no more time than others") {
  HttpLimits limits;
  limits.request_time = milliseconds(200);
  const Served served(limits);
  const UniqueFd slow = connect_to(served.v4());
  bool ended = false;
  // A limit of a minute, for a broken server only.
  for (int i = 0; i < 6000 && !ended; ++i) {
    ended = !send_text(slow, i == 0 ? "GET /" : "x");
    pollfd wait{slow.get(), POLLIN, 0};
    ended = ended || ::poll(&wait, 1, 10) > 0;
  }
  CHECK(ended);
  CHECK(read_to_end(slow).empty());
}

TEST_CASE("a too long head is rejected") {
  const Served served;
  const std::string begin = "GET / HTTP/1.1\r\nHost: x\r\nX: ";
  CHECK(ask(served.v4(), begin + std::string(10'000, 'x')).value().status == 431);
  CHECK(ask(served.v4(), begin + std::string(10'000, 'x') + "\r\n\r\n").value().status == 431);
  CHECK(ask(served.v4(), begin + std::string(8000, 'x') + "\r\n\r\n").value().status == 200);
  CHECK(ask(served.v4(), std::string(10'000, '\n')).value().status == 400);
}

TEST_CASE("a connection with an endless head is closed") {
  const Served served;
  const UniqueFd endless = connect_to(served.v4());
  const std::string chunk(1U << 20U, 'x');
  int sent = 0;
  while (sent < 1000 && send_text(endless, chunk)) ++sent;
  CHECK(sent < 1000);
  CHECK(served.works());
}

TEST_CASE("random bytes are rejected or the connection closed") {
  const Served served;
  std::mt19937 random(7);
  for (int i = 0; i < 200; ++i) {
    std::string noise(random() % 3000, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    const auto answer = ask(served.v4(), noise + "\r\n\r\n");
    if (answer) CHECK(answer->status >= 400);
  }
  // The first bytes of TLS, of HTTP/2 and of SSH.
  CHECK(ask(served.v4(), std::string("\x16\x03\x01\x00\xf4\x01\x00\n\n", 9)).value().status == 400);
  CHECK(ask(served.v4(), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").value().status == 400);
  CHECK(ask(served.v4(), "SSH-2.0-x\r\n\r\n").value().status == 400);
  CHECK(served.works());
}

TEST_CASE("clients that never read an answer lose it, and do not block others") {
  HttpLimits limits;
  limits.response_time = milliseconds(200);
  const Served served(limits);
  const Clients clients = connect_many(100, served.v4(), kRequest);
  CHECK(served.works());
  for (const UniqueFd& client : clients) {
    pollfd reset{client.get(), 0, 0};
    CHECK(::poll(&reset, 1, 60'000) == 1);
    CHECK(read_to_end(client).size() < 8U << 20U);
  }
}

TEST_CASE("the total size of unread answers is bounded") {
  HttpLimits limits;
  limits.response_time = std::chrono::hours(1);
  limits.waiting_bytes = 20U << 20U;
  const Served served(limits);
  const Clients clients = connect_many(10, served.v4(), kRequest);
  CHECK(served.works());
  // Two fit; the others were displaced.
  std::size_t ended = 0;
  for (const UniqueFd& client : clients) {
    pollfd reset{client.get(), 0, 0};
    if (::poll(&reset, 1, 0) == 1) ++ended;
  }
  CHECK(ended == 8);
}

TEST_CASE("clients that disconnect at once leave no connection and raise no signal") {
  const auto before = ::signal(SIGPIPE, SIG_DFL);
  const Served served;
  REQUIRE(served.works());
  const std::size_t fds = open_fds();
  for (int i = 0; i < 200; ++i) {
    const UniqueFd client = connect_to(served.v4());
    send_text(client, kRequest);
    const linger reset{1, 0};
    if (i % 2 == 0) ::setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  }
  CHECK(served.works());
  // The server may notice the last of them late.
  while (open_fds() > fds) CHECK(served.works());
  ::signal(SIGPIPE, before);
}

/// Opens every file descriptor that a lowered limit leaves, until the end of the scope. No checks are allowed
/// meanwhile: a sanitizer that inspects Catch2's objects opens a pipe to test whether memory is readable, and reports
/// an error without one.
class NoFdsLeft {
 public:
  NoFdsLeft() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit low = before_;
    low.rlim_cur = 200;
    ::setrlimit(RLIMIT_NOFILE, &low);
    for (UniqueFd fd(::dup(0)); fd; fd.reset(::dup(0))) taken_.push_back(std::move(fd));
  }
  NoFdsLeft(const NoFdsLeft&) = delete;
  NoFdsLeft& operator=(const NoFdsLeft&) = delete;
  ~NoFdsLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }

  void give_one_back() { taken_.pop_back(); }

 private:
  rlimit before_{};
  Clients taken_;
};

/// Waits until the server has closed the connections of clients that have disconnected.
void wait_for_open_fds(std::size_t count) {
  while (open_fds() != count) std::this_thread::yield();
}

TEST_CASE("clients that arrive while no file descriptor is free are served later") {
  const Served served;
  const std::size_t idle = open_fds();
  REQUIRE(served.works());
  wait_for_open_fds(idle);
  std::string answer;
  {
    NoFdsLeft none;
    none.give_one_back();
    const UniqueFd client = connect_to(served.v4());
    send_text(client, "GET /late HTTP/1.0\r\n\r\n");
    none.give_one_back();
    answer = read_to_end(client);
  }
  CHECK(parse_answer(answer).value().body == "/late");
}

TEST_CASE("a hung client is displaced when no file descriptor is free") {
  HttpLimits limits;
  limits.request_time = std::chrono::hours(1);
  const Served served(limits);
  const std::size_t idle = open_fds();
  const Clients hanging = connect_many(5, served.v4(), "GET /met");
  REQUIRE(served.works());
  wait_for_open_fds(idle + 2 * hanging.size());
  std::string answer;
  {
    NoFdsLeft none;
    none.give_one_back();
    const UniqueFd client = connect_to(served.v4());
    send_text(client, "GET /late HTTP/1.0\r\n\r\n");
    answer = read_to_end(client);
  }
  CHECK(parse_answer(answer).value().body == "/late");
}

}  // namespace
}  // namespace selvage::telemetry
