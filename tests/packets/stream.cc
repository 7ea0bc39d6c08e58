#include "stream.h"

#include <netinet/in.h>
#include <poll.h>

#include <array>
#include <catch2/catch.hpp>

#include "base/clock.h"

namespace selvage::packets {
namespace {

constexpr std::size_t kUnderWay = 256;
/// What has not arrived by then is lost.
constexpr milliseconds kArrives{5000};

UniqueFd inbox(const TestPod& pod, std::uint16_t port) {
  UniqueFd fd = pod.space().socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK).value();
  const SocketAddress address({pod.address(IpFamily::v4), port});
  REQUIRE(bind(fd.get(), address.get(), address.size()) == 0);
  return fd;
}

}  // namespace

Stream::Stream(const Host& from, const TestPod& to, std::uint16_t port)
    : from_(from),
      to_{to.address(IpFamily::v4), port},
      out_(from.space.socket(AF_INET, SOCK_RAW, IPPROTO_RAW).value()),
      in_(inbox(to, port)),
      sender_([this] { send(); }),
      receiver_([this] { receive(); }) {}

Stream::~Stream() {
  if (sender_.joinable()) (void)lost();
}

void Stream::send() {
  const SocketAddress address({to_.address, 0});
  while (!done_) {
    if (sent_ - arrived_ >= kUnderWay) {
      std::this_thread::sleep_for(milliseconds(1));
      continue;
    }
    source_ = source_ == 0xffff ? 1024 : source_ + 1;
    const std::string packet = udp_packet({from_.addresses.v4, source_}, to_, "x");
    if (sendto(out_.get(), packet.data(), packet.size(), 0, address.get(), address.size()) > 0) ++sent_;
  }
}

bool Stream::receive_some() {
  pollfd entry{in_.get(), POLLIN, 0};
  if (poll(&entry, 1, 50) != 1) return false;
  std::array<char, 16> buffer;
  while (recv(in_.get(), buffer.data(), buffer.size(), 0) >= 0) ++arrived_;
  return true;
}

void Stream::receive() {
  while (!done_) receive_some();
}

std::size_t Stream::lost() {
  done_ = true;
  sender_.join();
  receiver_.join();
  const auto until = Clock::now() + kArrives;
  while (arrived_ < sent_ && Clock::now() < until) receive_some();
  return sent_ - arrived_;
}

}  // namespace selvage::packets
