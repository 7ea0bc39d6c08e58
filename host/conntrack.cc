#include "host/conntrack.h"

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <sys/socket.h>

#include <cerrno>

#include "host/decode_flow.h"
#include "netlink/message_writer.h"
#include "netlink/socket.h"

namespace selvage::host {
namespace {

constexpr std::uint16_t kGetFlows = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET;

Result<void> dump_flows(netlink::Socket& socket, const std::function<void(const Flow&)>& visit) {
  netlink::MessageWriter out;
  out.begin(kGetFlows, NLM_F_REQUEST | NLM_F_DUMP, AF_UNSPEC, 0, socket.next_sequence());
  out.finish();
  return socket.request(out.take(), [&visit](const netlink::Message& message) -> Result<void> {
    if (const auto flow = decode_flow(message.payload)) visit(*flow);
    return {};
  });
}

}  // namespace

Result<void> for_each_flow(const std::function<void(const Flow&)>& visit) {
  auto socket = netlink::Socket::open(NETLINK_NETFILTER);
  if (!socket) return fail("read the connection table", socket.error());
  Result<void> done;
  for (int attempt = 0; attempt < netlink::kDumpAttempts; ++attempt) {
    done = dump_flows(*socket, visit);
    if (done || done.error().code != EINTR) break;
  }
  if (!done) return fail("read the connection table", done.error());
  return {};
}

}  // namespace selvage::host
