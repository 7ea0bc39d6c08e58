#pragma once

#include <vector>

#include "tests/flannel/crossing.h"
#include "tests/flannel/flannel_cluster.h"

/// The pods and services of the cluster, and the expected result of each connection between them.
namespace selvage::testing {

/// The pods and services: clients, strangers and servers on both nodes, each server with a service of its own; and on
/// node-1 pods that are called from outside, by a host port and by node ports. Flannel has to be ready.
void furnish(FlannelCluster& cluster);

/// Policies that isolate every pod in both directions, and allow what clients_and_servers() and doors() say.
void protect(FlannelCluster& cluster);

/// Pod to pod, on one node and between nodes.
std::vector<Crossing> pods_to_pods(FlannelCluster& cluster);
/// Pods to services, themselves behind one included.
std::vector<Crossing> pods_to_services(FlannelCluster& cluster);
/// Nodes and their pods, pods and what is outside.
std::vector<Crossing> nodes_and_outside(FlannelCluster& cluster);
/// From outside, and from pods, to host ports and node ports.
std::vector<Crossing> doors(FlannelCluster& cluster);

/// All of these.
std::vector<Crossing> all_crossings(FlannelCluster& cluster);

}  // namespace selvage::testing
