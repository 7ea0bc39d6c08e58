#include "k8s_client/http/rest_transport.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "k8s_client/config/kubeconfig_file.h"
#include "k8s_client/config/server_url.h"
#include "k8s_client/config/token.h"
#include "k8s_client/http/connection_pool.h"
#include "k8s_client/http/dial.h"
#include "k8s_client/http/http_library.h"
#include "k8s_client/http/proxy_tunnel.h"
#include "k8s_client/http/receiver.h"
#include "k8s_client/http/resolver.h"
#include "k8s_client/http/tls_files.h"
#include "k8s_client/http/user_agent.h"

namespace selvage::k8s_client {
namespace {

/// Servers that do not support the first form send whole objects.
constexpr const char* kAcceptMetadata =
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

bool is_target(const std::string& target) {
  return target.starts_with('/') &&
         std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
}

/// Connections to one server, and the headers and credentials of requests.
class RestTransport final : public Transport {
 public:
  RestTransport(const ApiConfig& config, const std::optional<ServerUrl>& proxy, std::unique_ptr<TlsFiles> files,
                EventFd stop);

  Result<void> get(const Request& request, ResponseSink& sink) override {
    return exchange(request, std::nullopt, sink);
  }
  Result<void> post(const Request& request, std::string_view json, ResponseSink& sink) override {
    return exchange(request, json, sink);
  }
  void stop() override { stop_.stop(); }

 private:
  using Credentials = std::shared_ptr<const TlsCredentials>;
  Result<void> exchange(const Request& request, std::optional<std::string_view> json, ResponseSink& sink);
  [[nodiscard]] Result<Headers> headers_for(const Request& request);
  [[nodiscard]] Result<std::unique_ptr<Connection>> connect(const Credentials& credentials,
                                                            std::chrono::milliseconds idle_limit);
  [[nodiscard]] Error explained(Error error) const;

  const ApiConfig config_;
  const ServerLabel label_;
  const std::string authority_;            ///< the server, for the header Host and for CONNECT
  const std::unique_ptr<TlsFiles> files_;  ///< nullptr without TLS
  TokenSource token_;
  Resolver resolver_;  ///< of the server, or of the proxy
  ConnectionPool pool_;
  StopSignal stop_;
};

RestTransport::RestTransport(const ApiConfig& config, const std::optional<ServerUrl>& proxy,
                             std::unique_ptr<TlsFiles> files, EventFd stop)
    : config_(config),
      label_{(config.tls ? "https://" : "http://") + join_host_port(config.host, config.port),
             config.tls_server_name.empty() ? config.host : config.tls_server_name, config.origin},
      authority_(join_host_port(config.host, config.port)),
      files_(std::move(files)),
      token_(config),
      resolver_(proxy ? proxy->host : config.host, proxy ? proxy->port : config.port),
      stop_(std::move(stop)) {}

Result<Headers> RestTransport::headers_for(const Request& request) {
  const auto token = token_.current();
  if (!token) return tl::unexpected(token.error());
  const bool compressed = request.compressed && !config_.disable_compression;
  Headers headers = {{"Host", authority_},
                     {"User-Agent", kUserAgent},
                     {"Accept", request.metadata_only ? kAcceptMetadata : "application/json"},
                     {"Accept-Encoding", compressed ? "gzip" : "identity"}};
  if (!token->empty()) headers.emplace_back("Authorization", "Bearer " + *token);
  return headers;
}

Result<std::unique_ptr<Connection>> RestTransport::connect(const Credentials& credentials,
                                                           std::chrono::milliseconds idle_limit) {
  const Moment deadline = Clock::now() + idle_limit;
  const auto endpoints = resolver_.resolve(stop_, deadline);
  if (!endpoints) return tl::unexpected(endpoints.error());
  auto socket = dial(*endpoints, stop_, deadline);
  if (!socket) return tl::unexpected(socket.error());
  if (!config_.proxy.empty()) {
    const auto tunnel = open_tunnel(socket->get(), authority_, kUserAgent, config_.proxy, stop_, idle_limit);
    if (!tunnel) return tl::unexpected(tunnel.error());
  }
  std::optional<TlsPolicy> policy;
  if (config_.tls) policy = TlsPolicy{label_.name, config_.insecure, credentials};
  return Connection::open(std::move(*socket), config_.port, std::move(policy));
}

Error RestTransport::explained(Error error) const {
  if (!error.message.starts_with(label_.url)) error.message = label_.url + ": " + error.message;
  const std::string stale = files_ ? files_->last_error() : "";
  if (!stale.empty()) error.message += " (older credentials are in use: " + stale + ")";
  return error;
}

Result<void> RestTransport::exchange(const Request& request, std::optional<std::string_view> json, ResponseSink& sink) {
  if (!is_target(request.target)) return fail(label_.url + ": the target is not a path with a query", EINVAL);
  const Credentials credentials = files_ ? files_->current() : nullptr;
  for (;;) {
    if (stop_.stopped()) return fail(label_.url + ": stopped", ECANCELED);
    const auto headers = headers_for(request);
    if (!headers) return tl::unexpected(explained(headers.error()));
    auto connection = pool_.take(credentials);
    if (!connection) {
      auto opened = connect(credentials, request.idle_limit);
      if (!opened) return tl::unexpected(explained(opened.error()));
      connection = std::move(*opened);
    }
    const auto stream = connection->send(config_.path_prefix + request.target, *headers, json);
    if (!stream) return tl::unexpected(explained(stream.error()));
    Outcome outcome = Receiver(*connection, **stream, label_, stop_, request.idle_limit, sink).run();
    // The server may have closed an idle connection just now. A POST is not sent twice.
    if (outcome.unanswered && connection->reused() && !json) continue;
    if (outcome.reusable) pool_.put(std::move(connection));
    if (!outcome.result) return tl::unexpected(explained(outcome.result.error()));
    return {};
  }
}

/// The proxy's URL, if one is configured.
Result<std::optional<ServerUrl>> parse_proxy(const std::string& url) {
  if (url.empty()) return std::nullopt;
  const auto proxy = parse_server_url(url);
  if (!proxy) return fail("proxy", proxy.error());
  if (proxy->tls) return fail("proxy: only proxies at http:// are supported");
  return *proxy;
}

}  // namespace

Result<std::unique_ptr<Transport>> open_rest_transport(const ApiConfig& config) {
  const auto proxy = parse_proxy(config.proxy);
  if (!proxy) return fail(config.origin, proxy.error());
  if (!config.token.empty() && !is_token(config.token)) return fail(config.origin + ": the token is not one word");
  if (!config.tls && !(config.token.empty() && config.token_file.empty())) {
    return fail(config.origin + ": a token over http can be read on its way; use https");
  }
  std::unique_ptr<TlsFiles> files;
  if (config.tls) {
    auto opened = TlsFiles::open(config);
    if (!opened) return fail(config.origin, opened.error());
    files = std::move(*opened);
  }
  auto stop = EventFd::open();
  if (!stop) return tl::unexpected(stop.error());
  use_system_certificates(!config.insecure && config.ca.empty() && config.ca_file.empty());
  start_http_library();
  return std::make_unique<RestTransport>(config, *proxy, std::move(files), std::move(*stop));
}

}  // namespace selvage::k8s_client
