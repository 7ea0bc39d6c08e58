#include "host/bridges.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>

#include "host/decode_link.h"
#include "netlink/message_writer.h"
#include "netlink/socket.h"

namespace selvage::host {
namespace {

template <class Header>
Result<void> dump(netlink::Socket& socket, std::uint16_t type,
                  const std::function<void(netlink::Bytes payload)>& take) {
  netlink::MessageWriter out;
  const Header everything{};
  out.begin(type, NLM_F_REQUEST | NLM_F_DUMP, socket.next_sequence(), &everything, sizeof(everything));
  out.finish();
  return socket.request(out.take(), [&take](const netlink::Message& message) -> Result<void> {
    take(message.payload);
    return {};
  });
}

Result<std::vector<Bridge>> list_once(netlink::Socket& socket) {
  std::map<int, Bridge> bridges;
  auto links = dump<ifinfomsg>(socket, RTM_GETLINK, [&bridges](netlink::Bytes payload) {
    if (auto bridge = decode_bridge(payload)) bridges[bridge->index] = *bridge;
  });
  if (!links) return tl::unexpected(links.error());
  auto addresses = dump<ifaddrmsg>(socket, RTM_GETADDR, [&bridges](netlink::Bytes payload) {
    const auto address = decode_address(payload);
    const auto bridge = address ? bridges.find(address->link) : bridges.end();
    if (bridge != bridges.end()) bridge->second.subnets.push_back(address->subnet);
  });
  if (!addresses) return tl::unexpected(addresses.error());
  std::vector<Bridge> list;
  for (auto& [index, bridge] : bridges) {
    std::sort(bridge.subnets.begin(), bridge.subnets.end());
    list.push_back(std::move(bridge));
  }
  std::sort(list.begin(), list.end(), [](const Bridge& a, const Bridge& b) { return a.name < b.name; });
  return list;
}

void put_flags(netlink::MessageWriter& out) {
  nlattr* info = out.nest(IFLA_LINKINFO);
  out.put_string(IFLA_INFO_KIND, "bridge");
  nlattr* data = out.nest(IFLA_INFO_DATA);
  for (const std::uint16_t flag : {IFLA_BR_NF_CALL_IPTABLES, IFLA_BR_NF_CALL_IP6TABLES}) out.put(flag, "\x01");
  out.end_nest(data);
  out.end_nest(info);
}

}  // namespace

Result<std::vector<Bridge>> list_bridges() {
  auto socket = netlink::Socket::open(NETLINK_ROUTE);
  if (!socket) return fail("list bridges", socket.error());
  for (int attempt = 1;; ++attempt) {
    auto list = list_once(*socket);
    if (list) return list;
    if (list.error().code != EINTR || attempt == netlink::kDumpAttempts) return fail("list bridges", list.error());
  }
}

Result<void> enable_nf_call(const Bridge& bridge) {
  const std::string what = "bridge " + bridge.name + ": switch on nf_call_iptables and nf_call_ip6tables";
  auto socket = netlink::Socket::open(NETLINK_ROUTE);
  if (!socket) return fail(what, socket.error());
  ifinfomsg link{};
  link.ifi_index = bridge.index;
  netlink::MessageWriter out;
  // RTM_NEWLINK without NLM_F_CREATE changes an existing link.
  out.begin(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, socket->next_sequence(), &link, sizeof(link));
  put_flags(out);
  out.finish();
  const auto done = socket->request(out.take(), [](const netlink::Message&) { return Result<void>{}; });
  if (done) return {};
  const bool not_permitted = done.error().code == EPERM;
  return fail(not_permitted ? what + " (needs the capability CAP_NET_ADMIN)" : what, done.error());
}

bool br_netfilter_loaded() { return ::access("/proc/sys/net/bridge", F_OK) == 0; }

Result<LinkMonitor> LinkMonitor::open() {
  UniqueFd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
  if (!fd || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return fail_errno("watch links and addresses", errno);
  }
  return LinkMonitor(std::move(fd));
}

bool LinkMonitor::drain() {
  std::array<char, 1> byte{};
  bool changed = false;
  for (;;) {
    const ssize_t size = ::recv(fd_.get(), byte.data(), byte.size(), MSG_TRUNC);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno != ENOBUFS) return changed;
    changed = true;
  }
}

}  // namespace selvage::host
