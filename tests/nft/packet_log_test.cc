#include "host/packet_log.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <random>
#include <vector>

#include "host/decode_packet_log.h"
#include "tests/nft/kernels.h"
#include "tests/nft/raw_packets.h"
#include "tests/support/shell.h"

/// Real packets on the loopback of the test's own namespace, logged by a rule of nft(8) in the input hook.
namespace selvage::host {
namespace {

constexpr std::uint16_t kGroup = 700;

struct Logged {
  ScopedNetNs here;
  PacketLog log = must_open(PacketLog::open(kGroup));

  Logged() {
    must_run(
        "nft 'table inet t { chain c { type filter hook input priority 0; "
        "log prefix \"selvage deny-in\" group 700 snaplen 128; drop; }; }'");
  }

  static PacketLog must_open(Result<PacketLog> opened) {
    INFO((opened ? std::string() : opened.error().message));
    REQUIRE(opened);
    return std::move(*opened);
  }

  /// Sends a packet, its header included.
  static void send(const std::string& packet) {
    const bool four = packet[0] == '\x45';
    const UniqueFd raw(::socket(four ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
    REQUIRE(raw);
    sockaddr_in to4{};
    to4.sin_family = AF_INET;
    sockaddr_in6 to6{};
    to6.sin6_family = AF_INET6;
    if (four) {
      packet.copy(reinterpret_cast<char*>(&to4.sin_addr), sizeof(to4.sin_addr), 16);
    } else {
      packet.copy(reinterpret_cast<char*>(&to6.sin6_addr), sizeof(to6.sin6_addr), 24);
    }
    const auto* to = four ? reinterpret_cast<const sockaddr*>(&to4) : reinterpret_cast<const sockaddr*>(&to6);
    const socklen_t size = four ? sizeof(to4) : sizeof(to6);
    REQUIRE(::sendto(raw.get(), packet.data(), packet.size(), 0, to, size) == static_cast<ssize_t>(packet.size()));
  }

  [[nodiscard]] bool readable(int milliseconds) const {
    pollfd waiting{log.fd(), POLLIN, 0};
    return ::poll(&waiting, 1, milliseconds) == 1;
  }

  /// Reads until `count` packets are read or lost, with time enough for a slow machine.
  std::vector<LoggedPacket> take(std::size_t count) {
    std::vector<LoggedPacket> packets;
    while (packets.size() + lost < count) {
      REQUIRE(readable(10'000));
      lost += log.take([&](const LoggedPacket& packet) { packets.push_back(packet); }).lost;
    }
    return packets;
  }

  std::size_t lost = 0;
};

std::string udp(unsigned port, std::size_t payload = 0) {
  return nft::be16(40000) + nft::be16(port) + nft::be16(static_cast<unsigned>(8 + payload)) + nft::be16(0) +
         std::string(payload, 'p');
}

}  // namespace

TEST_CASE_METHOD(Logged, "a logged packet comes with its prefix, time, device and headers") {
  const auto before = std::chrono::system_clock::now();
  send(ipv4_packet("127.0.0.1", "127.0.0.2", IPPROTO_UDP, udp(53, 5)));
  const auto packets = take(1);
  REQUIRE(packets.size() == 1);
  const LoggedPacket& packet = packets[0];
  CHECK(packet.prefix == "selvage deny-in");
  CHECK(packet.in_interface == 1);
  CHECK(packet.out_interface == 0);
  CHECK(packet.headers.source.to_string() == "127.0.0.1");
  CHECK(packet.headers.destination.to_string() == "127.0.0.2");
  CHECK(packet.headers.protocol == IPPROTO_UDP);
  CHECK(packet.headers.source_port == 40000);
  CHECK(packet.headers.destination_port == 53);
  CHECK(packet.headers.length == 33);
  REQUIRE(packet.when);
  CHECK(*packet.when >= before - std::chrono::seconds(1));
  CHECK(*packet.when <= std::chrono::system_clock::now() + std::chrono::seconds(1));
  CHECK(lost == 0);
}

TEST_CASE_METHOD(Logged, "packets of each kind arrive in their order") {
  send(ipv4_packet("127.0.0.1", "127.0.0.2", IPPROTO_TCP, udp(8080, 12)));
  send(ipv4_packet("127.0.0.1", "127.0.0.2", IPPROTO_SCTP, udp(9, 4)));
  send(ipv4_packet("127.0.0.1", "127.0.0.2", IPPROTO_ICMP, std::string("\x08\0\0\0", 4)));
  send(ipv4_packet("127.0.0.1", "127.0.0.2", IPPROTO_ESP, std::string(8, '\x01')));
  send(ipv6_packet("::1", "::1", IPPROTO_UDP, udp(5353)));
  send(ipv6_packet("::1", "::1", IPPROTO_DSTOPTS, std::string("\x06\0\1\4\0\0\0\0", 8) + udp(443, 12)));
  const auto packets = take(6);
  REQUIRE(packets.size() == 6);
  CHECK(packets[0].headers.destination_port == 8080);
  CHECK(packets[1].headers.destination_port == 9);
  CHECK(packets[2].headers.icmp_type == 8);
  CHECK(packets[3].headers.protocol == IPPROTO_ESP);
  CHECK(packets[4].headers.source.family() == IpFamily::v6);
  CHECK(packets[4].headers.destination_port == 5353);
  CHECK(packets[5].headers.protocol == IPPROTO_TCP);
  CHECK(packets[5].headers.destination_port == 443);
}

TEST_CASE_METHOD(Logged, "only the headers are copied") {
  const std::string secret(600, 's');
  send(ipv4_packet("127.0.0.1", "127.0.0.2", IPPROTO_UDP, udp(53, 0) + secret));
  REQUIRE(readable(10'000));
  std::array<char, 8192> datagram{};
  const ssize_t size = ::recv(log.fd(), datagram.data(), datagram.size(), 0);
  REQUIRE(size > 0);
  const std::string_view bytes(datagram.data(), static_cast<std::size_t>(size));
  CHECK(bytes.find(secret.substr(0, PacketLog::kSnapLength - 28)) != std::string_view::npos);
  CHECK(bytes.find(secret.substr(0, PacketLog::kSnapLength - 27)) == std::string_view::npos);
}

TEST_CASE_METHOD(Logged, "a flood is read in bounded steps, without loss while there is room") {
  for (unsigned i = 0; i < 2000; ++i) send(ipv4_packet("127.0.0.1", "127.0.0.2", IPPROTO_UDP, udp(i)));
  const auto packets = take(2000);
  REQUIRE(packets.size() == 2000);
  for (unsigned i = 0; i < 2000; ++i) REQUIRE(packets[i].headers.destination_port == i);
  CHECK_FALSE(readable(0));
  CHECK(log.take([](const LoggedPacket&) {}).packets == 0);
}

TEST_CASE_METHOD(Logged, "packets in quick succession share a datagram") {
  for (unsigned i = 0; i < 500; ++i) send(ipv4_packet("127.0.0.1", "127.0.0.2", IPPROTO_UDP, udp(i)));
  std::size_t datagrams = 0;
  for (unsigned seen = 0; seen < 500; ++datagrams) {
    REQUIRE(readable(10'000));
    std::array<char, 128 * 1024> datagram{};
    const ssize_t size = ::recv(log.fd(), datagram.data(), datagram.size(), 0);
    REQUIRE(size > 0);
    const std::string_view bytes(datagram.data(), static_cast<std::size_t>(size));
    for (auto at = bytes.find("deny-in"); at != std::string_view::npos; at = bytes.find("deny-in", at + 1)) ++seen;
  }
  CHECK(datagrams < 250);
}

TEST_CASE_METHOD(Logged, "lost packets are counted exactly") {
  const int small = 1;  // the kernel's minimum is a few KiB
  REQUIRE(::setsockopt(log.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)) == 0);
  for (unsigned i = 0; i < 500; ++i) send(ipv4_packet("127.0.0.1", "127.0.0.2", IPPROTO_UDP, udp(i)));
  std::size_t read = 0;
  while (readable(200)) {
    const auto taken = log.take([](const LoggedPacket&) {});
    read += taken.packets;
    lost += taken.lost;
  }
  send(ipv4_packet("127.0.0.1", "127.0.0.2", IPPROTO_UDP, udp(500)));
  REQUIRE(readable(10'000));
  const auto last = log.take([](const LoggedPacket&) {});
  CHECK(read + lost + last.lost == 500);
  CHECK(last.packets == 1);
  CHECK(lost + last.lost > 0);
}

TEST_CASE_METHOD(Logged, "a group has one reader, and is free after that") {
  const auto second = PacketLog::open(kGroup);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == EPERM);
  CHECK(second.error().message.find("700") != std::string::npos);
  CHECK(PacketLog::open(kGroup + 1));
  log = must_open(PacketLog::open(kGroup + 2));
  CHECK(PacketLog::open(kGroup));
}

TEST_CASE_METHOD(Logged, "packets of other groups are not read") {
  must_run("nft insert rule inet t c log group 701");
  send(ipv4_packet("127.0.0.1", "127.0.0.2", IPPROTO_UDP, udp(53)));
  const auto packets = take(1);
  CHECK(packets.size() == 1);
  CHECK_FALSE(readable(50));
}

TEST_CASE_METHOD(Logged, "a packet that is not IP counts as lost") {
  // The bridge family logs frames of any kind; here a packet that is cut short of its header is enough.
  must_run("nft flush chain inet t c && nft add rule inet t c log group 700 snaplen 10 && nft add rule inet t c drop");
  send(ipv4_packet("127.0.0.1", "127.0.0.2", IPPROTO_UDP, udp(1)));
  REQUIRE(readable(10'000));
  CHECK(log.take([](const LoggedPacket&) {}).packets == 0);
  must_run("nft flush chain inet t c && nft add rule inet t c log group 700 && nft add rule inet t c drop");
  send(ipv4_packet("127.0.0.1", "127.0.0.2", IPPROTO_UDP, udp(2)));
  const auto packets = take(2);
  CHECK(packets.size() == 1);
  CHECK(lost == 1);
}

TEST_CASE_METHOD(Logged, "the decoder of logged packets accepts truncated and altered messages") {
  send(ipv6_packet("::1", "::1", IPPROTO_DSTOPTS, std::string("\x06\0\1\4\0\0\0\0", 8) + udp(443, 12)));
  REQUIRE(readable(10'000));
  std::vector<std::uint8_t> datagram(8192);
  const ssize_t size = ::recv(log.fd(), datagram.data(), datagram.size(), 0);
  REQUIRE(size > 0);
  datagram.resize(static_cast<std::size_t>(size));
  const auto message = netlink::first_message(datagram);
  REQUIRE(message);
  const std::vector<std::uint8_t> whole(message->payload.begin(), message->payload.end());
  REQUIRE(decode_logged_packet(whole));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    (void)decode_logged_packet(cut);
  }
  std::mt19937 random(7);  // NOLINT: the same bytes in every run
  for (int i = 0; i < 5000; ++i) {
    auto changed = whole;
    for (int j = 0; j < 3; ++j) changed[random() % changed.size()] = static_cast<std::uint8_t>(random());
    (void)decode_logged_packet(changed);
  }
}

TEST_CASE("a time out of the clock's range is absent") {
  const auto message = [](std::uint64_t seconds, std::uint64_t micros) {
    std::vector<std::uint8_t> bytes(4);
    const auto add = [&](std::uint16_t type, const std::string& value) {
      const nlattr header{static_cast<std::uint16_t>(4 + value.size()), type};
      const auto* raw = reinterpret_cast<const std::uint8_t*>(&header);
      bytes.insert(bytes.end(), raw, raw + sizeof(header));
      bytes.insert(bytes.end(), value.begin(), value.end());
      bytes.resize((bytes.size() + 3) / 4 * 4);
    };
    std::string time;
    for (const std::uint64_t part : {seconds, micros}) {
      for (int shift = 56; shift >= 0; shift -= 8) time += static_cast<char>(part >> shift);
    }
    add(3, time);  // NFULA_TIMESTAMP
    add(9, ipv4_packet("10.0.0.1", "10.0.0.2", IPPROTO_UDP, udp(1)));
    return decode_logged_packet(bytes);
  };
  REQUIRE(message(1'700'000'000, 5)->when);
  CHECK(message(1'700'000'000, 5)->when->time_since_epoch() == std::chrono::microseconds(1'700'000'000'000'005));
  CHECK_FALSE(message(0, 0)->when);
  CHECK_FALSE(message(UINT64_MAX, 0)->when);
  CHECK_FALSE(message(1, 1'000'000)->when);
}

}  // namespace selvage::host
