#include "k8s_client/http/connection.h"

#include <cpprest/http_client.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <cerrno>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "k8s_client/http/body_buffer.h"

namespace selvage::k8s_client {
namespace {

using boost::asio::ip::tcp;
using web::http::client::http_client_config;

/// The library always resolves a host and connects to it. This one resolves with any address family on the node:
/// getaddrinfo's AI_ADDRCONFIG, which the library sets, refuses 127.0.0.1 if all addresses are IPv6, and ::1 if all are
/// IPv4. Nothing connects to it: after a non-blocking connect, the first connect(2) on an established connection
/// returns success and does nothing else, whatever the address (Linux, net/ipv4/af_inet.c: SS_CONNECTING).
constexpr const char* kPlaceholderHost = "::ffff:127.0.0.1";

/// The library's time-out cannot tell a slow body from a stalled one; the waiting thread has its own.
constexpr std::chrono::hours kNever{24 * 365};

/// Shared with the library's callbacks. These live as long as its client, which a running request keeps alive.
struct Wiring {
  UniqueFd socket;  ///< the library has a duplicate, so this one can be read and shut down at any time
  bool taken = false;
  std::optional<TlsPolicy> tls;
  CertificateFault fault;
};

/// Gives the library its socket for the first request. Fails when it wants another one, because the server has closed
/// the first.
void take_socket(Wiring& wiring, tcp::socket& socket) {
  if (socket.is_open()) return;
  if (std::exchange(wiring.taken, true)) throw std::runtime_error("the server has closed the connection");
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  const int duplicate = fcntl(wiring.socket.get(), F_DUPFD_CLOEXEC, 0);
  if (duplicate < 0 || getsockname(duplicate, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "duplicate a socket");
  }
  // For an assigned socket the library assumes duplicates, and closes it accordingly.
  boost::system::error_code error;
  socket.assign(address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), duplicate, error);
  if (error) {
    close(duplicate);
    throw std::system_error(error.value(), std::generic_category(), "hand a socket over");
  }
}

/// Called for each request before anything is sent, with the library's socket or stream.
void prepare(Wiring& wiring, void* handle) {
  if (!wiring.tls) return take_socket(wiring, *static_cast<tcp::socket*>(handle));
  auto& stream = *static_cast<boost::asio::ssl::stream<tcp::socket&>*>(handle);
  take_socket(wiring, stream.next_layer());
  const auto sent = send_server_name(stream.native_handle(), wiring.tls->server_name);
  if (!sent) throw std::runtime_error(sent.error().message);
}

http_client_config client_config(const std::shared_ptr<Wiring>& wiring) {
  http_client_config config;
  config.set_timeout(kNever);
  config.set_max_redirects(0);
  config.set_tlsext_sni_enabled(false);
  config.set_ssl_context_callback([wiring](boost::asio::ssl::context& context) {
    const auto applied = apply_policy(context.native_handle(), *wiring->tls, wiring->fault);
    if (!applied) throw std::runtime_error(applied.error().message);
  });
  config.set_nativehandle_options([wiring](void* handle) { prepare(*wiring, handle); });
  return config;
}

web::uri base_uri(bool tls, std::uint16_t port) {
  web::uri_builder uri;
  uri.set_scheme(tls ? "https" : "http").set_host(kPlaceholderHost).set_port(port);
  return uri.to_uri();
}

std::string header(const web::http::http_headers& headers, const char* name) {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

RawHead raw_head(const web::http::http_response& response) {
  const auto& headers = response.headers();
  return {response.status_code(), header(headers, "Retry-After"), header(headers, "Content-Encoding"),
          header(headers, "Content-Length"), header(headers, "Transfer-Encoding")};
}

/// Runs `get`, which throws the library's exceptions.
template <class Get>
std::optional<LibraryFailure> failure_of(Get get) {
  try {
    get();
  } catch (const web::http::http_exception& error) {
    return LibraryFailure{error.error_code().value(), error.what()};
  } catch (const std::exception& error) {
    return LibraryFailure{0, error.what()};
  } catch (...) {
    return LibraryFailure{0, "unknown failure"};
  }
  return std::nullopt;
}

void follow(const pplx::task<web::http::http_response>& answer, const std::shared_ptr<ResponseStream>& stream) {
  answer.then([stream](const pplx::task<web::http::http_response>& head) {
    const auto failure = failure_of([&] {
      const auto response = head.get();
      stream->set_head(raw_head(response));
      response.content_ready().then([stream](const pplx::task<web::http::http_response>& whole) {
        stream->finish(failure_of([&] { whole.get(); }));
      });
    });
    if (failure) stream->finish(failure);
  });
}

}  // namespace

struct Connection::Client {
  std::shared_ptr<Wiring> wiring;
  web::http::client::http_client http;
};

Connection::Connection(std::unique_ptr<Client> client) : client_(std::move(client)) {}

Connection::~Connection() { shut_down(); }

Result<std::unique_ptr<Connection>> Connection::open(UniqueFd socket, std::uint16_t port,
                                                     std::optional<TlsPolicy> tls) {
  const auto wiring = std::make_shared<Wiring>();
  wiring->socket = std::move(socket);
  wiring->tls = std::move(tls);
  try {
    const web::uri base = base_uri(wiring->tls.has_value(), port);
    std::unique_ptr<Client> client(new Client{wiring, {base, client_config(wiring)}});
    return std::unique_ptr<Connection>(new Connection(std::move(client)));
  } catch (const std::exception& error) {
    return fail(std::string("HTTP client: ") + error.what());
  }
}

Result<std::shared_ptr<ResponseStream>> Connection::send(const std::string& target, const Headers& headers,
                                                         std::optional<std::string_view> json) {
  auto event = EventFd::open();
  if (!event) return tl::unexpected(event.error());
  auto stream = std::make_shared<ResponseStream>(std::move(*event));
  ++requests_;
  try {
    web::http::http_request request(json ? web::http::methods::POST : web::http::methods::GET);
    request.set_request_uri(web::uri(target));
    for (const auto& [name, value] : headers) request.headers().add(name, value);
    if (json) request.set_body(std::string(*json), "application/json");
    const concurrency::streams::streambuf<std::uint8_t> body(std::make_shared<BodyBuffer>(stream));
    request.set_response_stream(body.create_ostream());
    follow(client_->http.request(request), stream);
  } catch (const std::exception& error) {
    return fail(std::string("HTTP request: ") + error.what());
  }
  return stream;
}

void Connection::shut_down() { ::shutdown(client_->wiring->socket.get(), SHUT_RDWR); }

bool Connection::idle() const {
  pollfd poll_socket = {client_->wiring->socket.get(), POLLIN | POLLRDHUP, 0};
  return poll(&poll_socket, 1, 0) == 0;
}

Moment Connection::last_byte() const {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(client_->wiring->socket.get(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
  return Clock::now() - std::chrono::milliseconds(info.tcpi_last_data_recv);
}

const CertificateFault& Connection::certificate_fault() const { return client_->wiring->fault; }

std::shared_ptr<const TlsCredentials> Connection::credentials() const {
  return client_->wiring->tls ? client_->wiring->tls->credentials : nullptr;
}

}  // namespace selvage::k8s_client
