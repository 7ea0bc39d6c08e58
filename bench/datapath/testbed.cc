#include "bench/datapath/testbed.h"

#include "lab/command.h"

namespace selvage::bench {
namespace {

/// The rules of every node of a Flannel cluster, which also enable connection tracking (pkg/trafficmngr/iptables in
/// flannel-io/flannel).
constexpr const char* kMasquerading = R"(table ip flannel {
  chain postrouting { type nat hook postrouting priority srcnat; policy accept;
    ip saddr 10.244.0.0/16 ip daddr 10.244.0.0/16 return
    ip saddr 10.244.0.0/16 ip daddr != 224.0.0.0/4 masquerade
  }
})";

/// Closed connections are dropped at once: thousands a second would fill the table.
constexpr const char* kTimeouts[] = {"net/netfilter/nf_conntrack_tcp_timeout_close",
                                     "net/netfilter/nf_conntrack_tcp_timeout_time_wait"};

Result<void> prepare(const lab::Namespace& space) {
  const Result<std::string> masqueraded = lab::run(space, {"nft", "-f", "-"}, kMasquerading);
  if (!masqueraded) return tl::unexpected<Error>(masqueraded.error());
  for (const char* timeout : kTimeouts)
    if (const Result<void> set = space.sysctl(timeout, "1"); !set) return set;
  return {};
}

}  // namespace

Result<void> Testbed::plug_sender(const Scene& scene) {
  lab::Node* home = &node_;
  if (scene.vxlan) {
    Result<lab::Node> made = lab::Node::create(underlay_, 2);
    if (!made) return tl::unexpected<Error>(made.error());
    other_.emplace(std::move(*made));
    home = &*other_;
    for (const auto& [from, to] : {std::pair(&node_, home), std::pair(home, &node_)})
      if (const Result<void> learned = from->learn(*to); !learned) return learned;
    if (const Result<void> prepared = prepare(home->space()); !prepared) return prepared;
  }
  const Result<lab::Host*> pod = home->add_pod("sender");
  if (!pod) return tl::unexpected<Error>(pod.error());
  sender_ = *pod;
  return {};
}

Result<Testbed> Testbed::create(const Scene& scene, Layout layout) {
  Result<lab::Underlay> underlay = lab::Underlay::create();
  if (!underlay) return tl::unexpected<Error>(underlay.error());
  Result<lab::Node> node = lab::Node::create(*underlay, 1);
  if (!node) return tl::unexpected<Error>(node.error());
  Testbed made(std::move(*underlay), std::move(*node));
  const Result<lab::Host*> receiver = made.node_.add_pod("receiver");
  if (!receiver) return tl::unexpected<Error>(receiver.error());
  made.receiver_ = *receiver;
  for (const Result<void>& done : {made.plug_sender(scene), prepare(made.node_.space())})
    if (!done) return tl::unexpected<Error>(done.error());
  const auto objects = make_scene(scene, made.sender_->addresses.v4, made.receiver_->addresses.v4);
  const Result<void> loaded = load(made.node_.space(), layout, objects);
  if (!loaded) return fail(to_string(layout), loaded.error());
  return made;
}

}  // namespace selvage::bench
