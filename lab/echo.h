#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "base/event_fd.h"
#include "base/mutex.h"
#include "lab/endpoint.h"
#include "lab/netns.h"

namespace selvage::lab {

/// Servers in any number of namespaces, served by one thread: each sends back the data that it gets, at every address
/// of its namespace in both families. The destructor closes them all. Calls are safe from any thread.
class EchoService {
 public:
  EchoService();
  ~EchoService();
  EchoService(const EchoService&) = delete;
  EchoService& operator=(const EchoService&) = delete;

  /// Serves `port` in `where` until the service ends. `transport` is not icmp: the kernel answers that itself.
  Result<void> serve(const Namespace& where, Transport transport, std::uint16_t port);

 private:
  enum class Kind : std::uint8_t { listener, connection, datagram, sctp4, sctp6 };
  struct Socket {
    UniqueFd fd;
    Kind kind = Kind::connection;
    std::set<std::uint16_t> sctp_ports;
  };

  Result<void> serve_sctp(const Namespace& where, std::uint16_t port);
  /// Takes `fd` over and returns its number.
  Result<int> watch(UniqueFd fd, Kind kind) REQUIRES(mutex_);
  void loop();
  void handle(int fd);
  void accept_from(int listener) REQUIRES(mutex_);
  void echo_stream(int fd) REQUIRES(mutex_);

  UniqueFd epoll_;
  EventFd stop_;
  Mutex mutex_;
  std::map<int, Socket> sockets_ GUARDED_BY(mutex_);
  std::map<std::string, std::pair<int, int>> sctp_sockets_ GUARDED_BY(mutex_);  ///< v4 and v6, by namespace name
  std::thread thread_;
};

}  // namespace selvage::lab
