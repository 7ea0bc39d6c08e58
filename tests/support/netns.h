#pragma once

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>

#include "base/unique_fd.h"

namespace selvage {

/// A network namespace of the current thread's own, with loopback up, until the end of the scope;
/// then the thread is back in its former namespace, and this one ends with its last socket and process.
/// Processes that the thread starts meanwhile live in it. Throws std::runtime_error where the rights
/// are missing (CAP_SYS_ADMIN), so that a test fails. Nest them in order; one thread.
class ScopedNetNs {
 public:
  ScopedNetNs() : original_(open_current()) {
    check(::unshare(CLONE_NEWNET), "unshare(CLONE_NEWNET)");
    raise_loopback();
  }
  ScopedNetNs(const ScopedNetNs&) = delete;
  ScopedNetNs& operator=(const ScopedNetNs&) = delete;
  ~ScopedNetNs() {
    // In the wrong namespace later tests would interfere with this one.
    if (::setns(original_.get(), CLONE_NEWNET) != 0) std::terminate();
  }

  /// The namespace that the current thread is in, for setns(2).
  [[nodiscard]] static UniqueFd open_current() {
    UniqueFd fd(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
    check(fd.get(), "open /proc/thread-self/ns/net");
    return fd;
  }

 private:
  static void check(int result, const std::string& what) {
    if (result < 0) throw std::runtime_error(what + ": " + std::strerror(errno));
  }

  static void raise_loopback() {
    const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    check(socket.get(), "socket");
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    check(::ioctl(socket.get(), SIOCSIFFLAGS, &request), "raise lo");
  }

  UniqueFd original_;
};

}  // namespace selvage
