#include "tests/rest/http_server.h"

#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace selvage::k8s_client {
namespace {

void require(bool worked, const char* what) {
  if (!worked) throw std::runtime_error(std::string("test server: ") + what);
}

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;

BioPtr bio_of(const std::string& pem) { return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free}; }

X509Ptr next_certificate(BIO* bio) { return {PEM_read_bio_X509(bio, nullptr, nullptr, nullptr), X509_free}; }

void use_identity(SSL_CTX* context, const Identity& identity) {
  const BioPtr chain = bio_of(identity.certificate);
  require(SSL_CTX_use_certificate(context, next_certificate(chain.get()).get()) == 1, "certificate");
  while (const X509Ptr above = next_certificate(chain.get())) SSL_CTX_add1_chain_cert(context, above.get());
  ERR_clear_error();
  const BioPtr key_bio = bio_of(identity.key);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr);
  require(SSL_CTX_use_PrivateKey(context, key) == 1, "key");
  EVP_PKEY_free(key);
}

void ask_client(SSL_CTX* context, const HttpServerOptions& options) {
  const BioPtr bio = bio_of(options.client_ca);
  const X509Ptr ca = next_certificate(bio.get());
  require(X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get()) == 1, "client CA");
  const int needed = options.refuse_without_certificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | needed, nullptr);
}

SSL_CTX* make_context(const HttpServerOptions& options) {
  if (!options.identity) return nullptr;
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  require(context != nullptr, "TLS");
  SSL_CTX_set_max_proto_version(context, options.newest_tls);
  if (options.newest_tls == TLS1_1_VERSION) {
    // Debian's OpenSSL has forbidden so old a version otherwise.
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_security_level(context, 0);
  }
  use_identity(context, *options.identity);
  if (!options.client_ca.empty()) ask_client(context, options);
  return context;
}

UniqueFd listen_on(const HttpServerOptions& options) {
  UniqueFd fd(socket(options.ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  require(static_cast<bool>(fd), "socket");
  const int on = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_addr = in6addr_loopback;
  v6.sin6_port = htons(options.port);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  v4.sin_port = htons(options.port);
  const auto* address = options.ipv6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
  require(bind(fd.get(), address, options.ipv6 ? sizeof v6 : sizeof v4) == 0, "bind");
  require(listen(fd.get(), 16) == 0, "listen");
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_in6 address{};  // the port lies where it lies in sockaddr_in
  socklen_t size = sizeof address;
  require(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0, "getsockname");
  return ntohs(address.sin6_port);
}

}  // namespace

bool Peer::accept_tls() {
  if (!ssl_) return true;
  SSL_set_fd(ssl_.get(), fd_);
  return SSL_accept(ssl_.get()) == 1;
}

long Peer::read(char* bytes, int count) {
  return ssl_ ? SSL_read(ssl_.get(), bytes, count) : recv(fd_, bytes, static_cast<std::size_t>(count), 0);
}

std::string Peer::read_request() {
  constexpr std::string_view kEnd = "\r\n\r\n";
  std::array<char, 4096> bytes{};
  std::size_t end = 0;
  while ((end = read_ahead_.find(kEnd)) == std::string::npos) {
    const long count = read(bytes.data(), static_cast<int>(bytes.size()));
    if (count <= 0) return {};
    read_ahead_.append(bytes.data(), static_cast<std::size_t>(count));
  }
  std::string head = read_ahead_.substr(0, end);
  read_ahead_.erase(0, end + kEnd.size());
  return head;
}

std::string Peer::read_body(const std::string& head) {
  constexpr std::string_view kLength = "\r\nContent-Length:";
  const std::size_t at = head.find(kLength);
  const std::size_t size = at == std::string::npos ? 0 : std::stoul(head.substr(at + kLength.size()));
  std::array<char, 4096> bytes{};
  while (read_ahead_.size() < size) {
    const long count = read(bytes.data(), static_cast<int>(bytes.size()));
    if (count <= 0) break;
    read_ahead_.append(bytes.data(), static_cast<std::size_t>(count));
  }
  std::string body = read_ahead_.substr(0, size);
  read_ahead_.erase(0, size);
  return body;
}

bool Peer::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const long count = ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                            : send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void Peer::wait_closed() {
  std::array<char, 4096> bytes{};
  while (read(bytes.data(), static_cast<int>(bytes.size())) > 0) {
  }
}

void Peer::cut() { shutdown(fd_, SHUT_RDWR); }

void Peer::reset() {
  // What is sent after a lingering time of zero is a reset; shutdown would send FIN, so disconnect instead.
  const linger now{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  sockaddr none{};
  none.sa_family = AF_UNSPEC;
  connect(fd_, &none, sizeof none);
}

std::string Peer::server_name() const {
  const char* name = ssl_ ? SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name) : nullptr;
  return name == nullptr ? "" : name;
}

std::string Peer::client_name() const {
  const X509Ptr certificate(ssl_ ? SSL_get1_peer_certificate(ssl_.get()) : nullptr, X509_free);
  if (!certificate) return {};
  std::array<char, 256> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(), name.size());
  return name.data();
}

std::string Peer::tls_version() const { return ssl_ ? SSL_get_version(ssl_.get()) : ""; }

HttpServer::HttpServer(Script script, const Options& options)
    : script_(std::move(script)),
      ipv6_(options.ipv6),
      context_(make_context(options), SSL_CTX_free),
      listener_(listen_on(options)) {
  // OpenSSL writes without MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
  port_ = port_of(listener_.get());
  acceptor_ = std::thread([this] { accept_all(); });
}

HttpServer::~HttpServer() {
  ending_ = true;
  shutdown(listener_.get(), SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int fd : open_) shutdown(fd, SHUT_RDWR);
  }
  for (auto& script : scripts_) script.join();
}

void HttpServer::accept_all() {
  for (;;) {
    const int fd = accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (ending_ || fd < 0) {
      if (fd >= 0) close(fd);
      return;
    }
    ++connections_;
    const std::lock_guard lock(mutex_);
    open_.push_back(fd);
    scripts_.emplace_back([this, fd] { serve(fd); });
  }
}

void HttpServer::serve(int fd) {
  {
    Peer peer(fd, Peer::Ssl(context_ ? SSL_new(context_.get()) : nullptr, SSL_free));
    if (peer.accept_tls()) {
      script_(peer);
      if (peer.ssl_) SSL_shutdown(peer.ssl_.get());
    } else {
      // Closed with bytes unread, the connection would be reset, and the client would not read why.
      shutdown(fd, SHUT_WR);
      peer.ssl_.reset();
      peer.wait_closed();
    }
    ERR_clear_error();
  }
  const std::lock_guard lock(mutex_);
  open_.erase(std::find(open_.begin(), open_.end(), fd));
  close(fd);
}

}  // namespace selvage::k8s_client
