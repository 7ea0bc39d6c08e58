#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "lab/netns.h"
#include "tests/cluster/api_server.h"
#include "tests/cluster/faults.h"
#include "tests/cluster/proxied_connection.h"
#include "tests/cluster/request_log.h"
#include "tests/cluster/tls_stream.h"

namespace selvage::testing {

/// Stands between an agent and the API server, and does to their connections what networks and servers do. It ends the
/// agent's TLS with the server's own certificate, reads each request, and passes it on over a connection to the API
/// server of its own, credentials and all; bodies flow through as they come. Listens on 127.0.0.1 of a namespace and
/// reaches the API server in the namespace of the process. The destructor ends all connections. One thread drives it.
class FaultProxy {
 public:
  /// Listens from now on. Throws std::runtime_error.
  FaultProxy(const ApiServer& server, const lab::Namespace& where);
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;
  ~FaultProxy();

  /// "https://127.0.0.1:PORT", where the agent finds it.
  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }

  /// Nobody listens any more and all connections end; or somebody listens again, on the same port.
  void refuse();
  void listen();
  /// Ends all connections in the middle of whatever they were in.
  void hang_up();
  /// Takes another certificate, such as one that an unknown authority has signed, for connections from now on.
  void present(const std::string& certificate, const std::string& key);

  /// From now on requests whose target (path and query) holds `match` come to this fault, those under way too; only
  /// `answer` leaves those alone. Of several that match the one set last counts.
  void set(const std::string& match, const Fault& fault) { faults_.set(match, fault); }
  /// The same for all. What stalls is not even shaken hands with.
  void set(const Fault& fault) { faults_.set("", fault); }
  /// No faults any more, and no injections to come. What was stalled flows.
  void clear() { faults_.clear(); }
  /// Puts bytes between two events of a watch whose target holds `match`, of one under way or of the next; or of so
  /// many, each of another resource.
  void inject(const std::string& match, const std::string& bytes, std::size_t streams = 1) {
    faults_.inject(match, bytes, streams);
  }
  /// Waits until that has been done; whether it has.
  [[nodiscard]] bool injected() const { return faults_.all_taken(); }

  [[nodiscard]] const RequestLog& log() const { return log_; }

 private:
  void open_listener();
  void accept_connections();
  void stop_accepting();
  /// Forgets connections that have ended; ends all others when asked to.
  void sweep(bool end_all);

  const ApiServer& server_;
  const lab::Namespace& where_;
  std::shared_ptr<SSL_CTX> as_server_;
  TlsContext as_client_;
  std::uint16_t port_ = 0;
  UniqueFd stop_;
  UniqueFd listener_;
  RequestLog log_;
  FaultTable faults_;
  std::mutex mutex_;  ///< guards connections_ and as_server_
  std::list<std::unique_ptr<ProxiedConnection>> connections_;
  std::thread acceptor_;
};

}  // namespace selvage::testing
