#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/wall_time.h"
#include "k8s_client/api/api_object.h"

namespace selvage::controller {

/// A warning for people, by an object of the cluster: an Event of events.k8s.io/v1.
struct ClusterEvent {
  std::string name;           ///< metadata.name, a DNS subdomain: who makes the same one again meets a conflict
  std::string name_space;     ///< metadata.namespace
  policy::ObjectKey about;    ///< tells apart what the Events are about; of a Node the kind is kNodeKind
  std::string api_version;    ///< regarding: corev1.ObjectReference
  std::string kind;           ///< regarding
  std::string uid;            ///< regarding; may be empty
  std::string version;        ///< regarding.resourceVersion; may be empty
  std::string reason;         ///< CamelCase, for programs
  std::string note;           ///< for people; valid UTF-8 without control characters, at most 1024 bytes
  WallTime when;              ///< eventTime
  bool of_this_node = false;  ///< about the node that the agent is on, so that it goes before others

  friend bool operator==(const ClusterEvent&, const ClusterEvent&) = default;
};

/// The kind of a Node, none of those that an agent follows.
inline constexpr policy::Kind kNodeKind{0xff};

/// An object cannot be used as it is. All nodes give it the same name for the same version, so that a cluster has one
/// of it. None for what nobody writes for us: pods, and objects that cannot be told.
[[nodiscard]] std::optional<ClusterEvent> bad_object_event(const k8s_client::ObjectError& error, WallTime when);

/// The node does not enforce what it should. Its uid is the node's name and it lies in `default`, as those of kubelet:
/// so `kubectl describe node` finds it.
[[nodiscard]] ClusterEvent node_event(const std::string& node, const std::string& note, WallTime when);

/// Where it is to be posted: "/apis/events.k8s.io/v1/namespaces/prod/events".
[[nodiscard]] std::string path_of(const ClusterEvent& event);
/// What is to be posted there, by the agent of that node.
[[nodiscard]] std::string to_json(const ClusterEvent& event, const std::string& node);

}  // namespace selvage::controller
