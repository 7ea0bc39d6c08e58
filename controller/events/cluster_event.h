#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/wall_time.h"
#include "k8s_client/api/api_object.h"

namespace selvage::controller {

/// A warning about an object of the cluster: an Event of events.k8s.io/v1.
struct ClusterEvent {
  std::string name;           ///< metadata.name, a DNS subdomain: creating the same Event again is a conflict
  std::string name_space;     ///< metadata.namespace
  policy::ObjectKey about;    ///< the object that the Event is about; for a Node the kind is kNodeKind
  std::string api_version;    ///< regarding: corev1.ObjectReference
  std::string kind;           ///< regarding
  std::string uid;            ///< regarding; may be empty
  std::string version;        ///< regarding.resourceVersion; may be empty
  std::string reason;         ///< CamelCase, machine-readable
  std::string note;           ///< human-readable; valid UTF-8 without control characters, at most 1024 bytes
  WallTime when;              ///< eventTime
  bool of_this_node = false;  ///< about the agent's own node: it is sent before others

  friend bool operator==(const ClusterEvent&, const ClusterEvent&) = default;
};

/// The kind of a Node, which is not in policy::Object.
inline constexpr policy::Kind kNodeKind{0xff};

/// The Event for an object that is invalid. All nodes use the same name for the same version, so that a cluster has one
/// Event. Nothing for pods, which users do not write, and for objects whose name cannot be read.
[[nodiscard]] std::optional<ClusterEvent> bad_object_event(const k8s_client::ObjectError& error, WallTime when);

/// The Event for a node that does not enforce all policies. Its uid is the node's name and its namespace `default`, as
/// in the kubelet's Events, so that `kubectl describe node` shows it.
[[nodiscard]] ClusterEvent node_event(const std::string& node, const std::string& note, WallTime when);

/// The path to post it to: "/apis/events.k8s.io/v1/namespaces/prod/events".
[[nodiscard]] std::string path_of(const ClusterEvent& event);
/// The JSON to post there, with `node` as the reporting instance.
[[nodiscard]] std::string to_json(const ClusterEvent& event, const std::string& node);

}  // namespace selvage::controller
