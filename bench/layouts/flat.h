#pragma once

#include <map>
#include <string>
#include <vector>

#include "policy/model/model.h"

/// The input of the rivals' layouts: each policy rule as the list of addresses that it allows. Only IPv4 and port
/// numbers, as in the generated worlds.
namespace selvage::bench {

/// The objects that exist, as an informer's cache keeps them: pods by namespace.
class Objects {
 public:
  void apply(const policy::Event& event);

  std::map<std::string, policy::Namespace> namespaces;
  std::map<std::string, std::map<std::string, policy::Pod>> pods;
  std::map<policy::ObjectKey, policy::NetworkPolicy> policies;
};

struct FlatRule {
  bool any_peer = false;
  std::vector<std::string> pods;    ///< addresses of the peers that are pods
  std::vector<std::string> blocks;  ///< CIDR blocks
  bool any_port = false;
  std::vector<policy::PortMatch> ports;
};

struct FlatPolicy {
  std::string name;                 ///< "namespace/name"
  std::string id;                   ///< usable in names of chains and sets; independent of other policies
  std::vector<std::string> pods;    ///< addresses of all pods that it selects
  std::vector<std::string> locals;  ///< those of them on the node
  bool isolates_ingress = false;
  bool isolates_egress = false;
  std::vector<FlatRule> ingress;
  std::vector<FlatRule> egress;
};

/// A node as seen by a layout.
struct Flat {
  std::vector<std::string> locals;  ///< addresses of the node's pods
  std::vector<FlatPolicy> policies;
};

/// One policy, with its selectors evaluated for all pods.
[[nodiscard]] FlatPolicy flatten(const Objects& objects, const policy::NetworkPolicy& policy, const std::string& node);
/// Everything, from nothing.
[[nodiscard]] Flat flatten(const Objects& objects, const std::string& node);
/// Whether `peer`, in a rule of a policy of namespace `own`, selects `pod`.
[[nodiscard]] bool is_peer(const Objects& objects, const policy::PodPeer& peer, const std::string& own,
                           const policy::Pod& pod);

/// `parts` with `separator` between them.
[[nodiscard]] std::string join(const std::vector<std::string>& parts, const std::string& separator);

}  // namespace selvage::bench
