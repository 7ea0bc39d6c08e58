#pragma once

#include "policy/model/model.h"
#include "tests/support/random_cluster.h"

/// The vocabularies of random_cluster.h, one random value at a time.
namespace selvage::testing {

/// One of `values`.
template <class Values>
[[nodiscard]] const auto& pick(Random& random, const Values& values) {
  return values[below(random, std::size(values))];
}

[[nodiscard]] std::string random_namespace_name(Random& random);
[[nodiscard]] policy::Labels random_labels(Random& random);
[[nodiscard]] policy::LabelSelector random_selector(Random& random);
[[nodiscard]] policy::Protocol random_protocol(Random& random);
/// Of a dozen numbers, some neighbours.
[[nodiscard]] std::uint16_t random_port_number(Random& random);
[[nodiscard]] std::vector<policy::NamedPort> random_named_ports(Random& random);
/// One of the few addresses that pods get.
[[nodiscard]] IpAddress random_pod_address(Random& random, IpFamily family);
/// A pod's address, one near the pods', far away, or at an end of the family.
[[nodiscard]] IpAddress random_address(Random& random, IpFamily family);
[[nodiscard]] policy::IpBlock random_block(Random& random);

[[nodiscard]] policy::Namespace random_namespace(Random& random, std::string name);
[[nodiscard]] policy::Pod random_pod(Random& random, std::string namespace_name, std::string name);
[[nodiscard]] policy::NetworkPolicy random_policy(Random& random, std::string namespace_name, std::string name);

}  // namespace selvage::testing
