#include "nft/kernel/list_chains.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <cerrno>

#include "netlink/attributes.h"
#include "netlink/message_writer.h"
#include "netlink/socket.h"

namespace selvage::nft {
namespace {

std::string family_name(std::uint8_t number) {
  switch (number) {
    case NFPROTO_INET:
      return "inet";
    case NFPROTO_IPV4:
      return "ip";
    case NFPROTO_ARP:
      return "arp";
    case NFPROTO_NETDEV:
      return "netdev";
    case NFPROTO_BRIDGE:
      return "bridge";
    case NFPROTO_IPV6:
      return "ip6";
    default:
      return std::to_string(number);
  }
}

}  // namespace

Result<void> for_each_chain(const std::function<void(const ChainPlace&)>& visit) {
  const std::string what = "list the chains of nftables";
  auto socket = netlink::Socket::open(NETLINK_NETFILTER);
  if (!socket) return fail(what, socket.error());
  netlink::MessageWriter out;
  out.begin(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETCHAIN, NLM_F_REQUEST | NLM_F_DUMP, NFPROTO_UNSPEC, 0,
            socket->next_sequence());
  out.finish();
  const auto done = socket->request(out.take(), [&visit](const netlink::Message& message) -> Result<void> {
    if (message.payload.size() < sizeof(nfgenmsg)) return {};
    const netlink::Attributes attributes(message.payload.subspan(sizeof(nfgenmsg)));
    visit({family_name(message.payload[0]), netlink::read_string(attributes.find(NFTA_CHAIN_TABLE)),
           netlink::read_string(attributes.find(NFTA_CHAIN_NAME))});
    return {};
  });
  // Another program changed something meanwhile: a partial list is good enough.
  if (!done && done.error().code != EINTR) return fail(what, done.error());
  return {};
}

}  // namespace selvage::nft
