#include "telemetry/http_server.h"

#include <signal.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <stdexcept>
#include <vector>

#include "tests/telemetry/served.h"

namespace selvage::telemetry {
namespace {

TEST_CASE("IPv4 and IPv6 are served") {
  const Served served;
  const Answer answer = get(served.v4(), "/a?b");
  CHECK(answer.status == 200);
  CHECK(answer.body == "/a");
  CHECK(get(served.v6(), "/b").body == "/b");
}

TEST_CASE("one port can be bound on all addresses of both families") {
  const ScopedNetNs space;
  const HttpAddress any4{IpAddress::zero(IpFamily::v4), 9467};
  const HttpAddress any6{IpAddress::zero(IpFamily::v6), 9467};
  const auto server = HttpServer::start({any4, any6}, echo_path);
  REQUIRE(server);
  CHECK((*server)->addresses() == std::vector{any4, any6});
  CHECK(get(local4(9467), "/4").body == "/4");
  CHECK(get(local6(9467), "/6").body == "/6");
}

TEST_CASE("HEAD returns the head of GET and no body") {
  const Served served;
  const auto head = ask(served.v4(), "HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(head);
  CHECK(head->has("Content-Length: 4"));
  CHECK(head->body.empty());
  CHECK(head->head == get(served.v4(), "/abc").head);
}

TEST_CASE("HTTP/1.0 is served, with and without keep-alive") {
  const Served served;
  CHECK(ask(served.v4(), "GET /old HTTP/1.0\r\n\r\n").value().body == "/old");
  const auto kept = ask(served.v4(), "GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  REQUIRE(kept);
  CHECK(kept->has("Connection: close"));
}

TEST_CASE("of pipelined requests the first is answered, completely") {
  const Served served;
  std::string many;
  for (int i = 0; i < 100; ++i) many += "GET /first HTTP/1.1\r\nHost: x\r\n\r\n";
  CHECK(ask(served.v4(), many).value().body == "/first");
}

TEST_CASE("a client may close its half after its request") {
  const Served served;
  const UniqueFd socket = connect_to(served.v4());
  send_text(socket, "GET /half HTTP/1.0\r\n\r\n");
  ::shutdown(socket.get(), SHUT_WR);
  CHECK(parse_answer(read_to_end(socket)).value().body == "/half");
}

TEST_CASE("an error reaches a client that continues to send") {
  const Served served;
  const auto answer =
      ask(served.v4(), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 30000\r\n\r\n" + std::string(30'000, 'x'));
  REQUIRE(answer);
  CHECK(answer->status == 405);
}

TEST_CASE("a large answer arrives completely") {
  const Served served;
  CHECK(get(served.v6(), "/big").body.size() == 8U << 20U);
}

TEST_CASE("an exception of the handler becomes an error response") {
  const Served served({}, [](const HttpRequest&) -> HttpResponse { throw std::runtime_error("no"); });
  CHECK(get(served.v4(), "/").status == 500);
  CHECK(get(served.v4(), "/").status == 500);
}

TEST_CASE("an occupied port is an error that names it") {
  const Served served;
  for (const HttpAddress& address : {served.v4(), served.v6()}) {
    const auto second = HttpServer::start({address}, echo_path);
    REQUIRE(!second);
    CHECK(second.error().code == EADDRINUSE);
    CHECK(second.error().message.find(to_string(address)) != std::string::npos);
  }
}

TEST_CASE("an address that the host lacks is an error that names it") {
  const ScopedNetNs space;
  for (const std::string address : {"192.0.2.7", "2001:db8::7"}) {
    const auto server = HttpServer::start({local4(), {IpAddress::parse(address).value(), 9467}}, echo_path);
    REQUIRE(!server);
    CHECK(server.error().code == EADDRNOTAVAIL);
    CHECK(server.error().message.find(address) != std::string::npos);
  }
}

TEST_CASE("a port is free again after the server has stopped, despite connected clients") {
  const ScopedNetNs space;
  for (int i = 0; i < 3; ++i) {
    const auto server = HttpServer::start({local4(9467)}, echo_path);
    REQUIRE(server);
    CHECK(get(local4(9467), "/x").body == "/x");
  }
}

TEST_CASE("stopping does not wait for clients") {
  constexpr std::chrono::hours kForever{1};
  HttpLimits patient;
  patient.request_time = patient.response_time = patient.drain_time = kForever;
  Served served(patient);
  std::vector<UniqueFd> clients;
  for (const std::string text : {"G", "GET /slow", "GET /big HTTP/1.0\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
    clients.push_back(connect_to(served.v4()));
    send_text(clients.back(), text);
  }
  CHECK(served.works());
  served.stop();
  for (const UniqueFd& client : clients) CHECK(read_to_end(client).size() < 8U << 20U);
}

TEST_CASE("the server's thread receives no signals") {
  const Served served;
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGTERM);
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &wanted, &before);
  REQUIRE(::kill(::getpid(), SIGTERM) == 0);
  // Before it answers, the thread would take the signal, and the process end.
  CHECK(served.works());
  const timespec patience{60, 0};
  CHECK(sigtimedwait(&wanted, nullptr, &patience) == SIGTERM);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace
}  // namespace selvage::telemetry
