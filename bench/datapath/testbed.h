#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/datapath/scene.h"
#include "lab/node.h"
#include "policy/model/model.h"

namespace selvage::bench {

/// The layouts that decide on packets.
enum class Layout : std::uint8_t {
  none,                  ///< no policy: forwarding, connection tracking, Flannel's masquerading
  none_again,            ///< the same again: the error of measurement
  selvage,               ///< the tables of the product, committed by it
  selvage_no_fast_path,  ///< the same right after a change: every packet of a connection is judged
  rule_per_policy,       ///< rule_per_policy.h
  iptables,              ///< kube_router.h, by the `iptables-restore` of the system (nf_tables)
  iptables_legacy,       ///< the same by iptables-legacy-restore
  calico_like,           ///< rule_per_policy.h
};
inline constexpr Layout kLayouts[] = {Layout::none,
                                      Layout::none_again,
                                      Layout::selvage,
                                      Layout::selvage_no_fast_path,
                                      Layout::rule_per_policy,
                                      Layout::iptables,
                                      Layout::iptables_legacy,
                                      Layout::calico_like};
[[nodiscard]] const char* to_string(Layout layout);

/// Enforces `objects` by `layout` in `where`. Fails when the machine lacks a requirement.
[[nodiscard]] Result<void> load(const lab::Namespace& where, Layout layout, const std::vector<policy::Object>& objects);

/// A node with a layout, its isolated pod, and a pod that sends to it: on the same node, or on another node across
/// VXLAN (without policies). Each layout has a testbed of its own, so that all are measured in turns.
class Testbed {
 public:
  static Result<Testbed> create(const Scene& scene, Layout layout);

  [[nodiscard]] const lab::Namespace& node() const { return node_.space(); }
  [[nodiscard]] const lab::Host& sender() const { return *sender_; }
  [[nodiscard]] const lab::Host& receiver() const { return *receiver_; }

 private:
  Testbed(lab::Underlay underlay, lab::Node node) : underlay_(std::move(underlay)), node_(std::move(node)) {}
  Result<void> plug_sender(const Scene& scene);

  lab::Underlay underlay_;
  lab::Node node_;
  std::optional<lab::Node> other_;
  lab::Host* sender_ = nullptr;
  lab::Host* receiver_ = nullptr;
};

}  // namespace selvage::bench
