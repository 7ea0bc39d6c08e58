#pragma once

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "cluster.h"

namespace selvage::packets {

/// Sends the datagram "knock" to a port of a pod in both families, a thousand times a second, until it is destroyed.
class Knocker {
 public:
  Knocker(const TestPod& from, const TestPod& to, std::uint16_t port) {
    for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
      const SocketAddress address({to.address(family), port});
      UniqueFd fd = from.space().socket(socket_family(family), SOCK_DGRAM).value();
      REQUIRE(connect(fd.get(), address.get(), address.size()) == 0);
      sockets_.push_back(std::move(fd));
    }
    thread_ = std::thread([this] {
      while (!done_) {
        for (const UniqueFd& fd : sockets_) send(fd.get(), "knock", 5, MSG_NOSIGNAL);
        std::this_thread::sleep_for(milliseconds(1));
      }
    });
  }
  ~Knocker() {
    done_ = true;
    thread_.join();
  }
  Knocker(const Knocker&) = delete;
  Knocker& operator=(const Knocker&) = delete;

 private:
  std::vector<UniqueFd> sockets_;
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

}  // namespace selvage::packets
