#include "bench/control/changes.h"

#include "bench/world.h"

namespace selvage::bench {
namespace {

using Events = std::vector<policy::Event>;
using policy::removal;
using policy::upsert;

constexpr std::size_t kStep = 50;      ///< pods that a rolling update replaces at a time
constexpr std::size_t kMoving = 1000;  ///< pods of the namespace that is relabelled

Change one(const char* name, const std::function<policy::Event(std::size_t)>& event) {
  return {name, [event](std::size_t i) { return Events{event(i)}; }};
}

policy::Event remove_pod(std::size_t index) { return removal(policy::key_of(make_pod(index))); }

policy::Pod relabelled(std::size_t index) {
  policy::Pod pod = make_pod(index);
  pod.labels = policy::Labels{{"app", "app-" + std::to_string((index + 5) % kAppsPerNamespace)}, {"tier", "front"}};
  return pod;
}

policy::Pod local(std::size_t index) {
  policy::Pod pod = make_pod(index);
  pod.node = kNode;
  return pod;
}

/// In force (each namespace has a pod of this node), with content that no other policy has.
policy::NetworkPolicy policy_with_port(std::size_t index, std::uint16_t port) {
  policy::NetworkPolicy made = make_policy(index);
  made.pod_selector = {};
  made.ingress.front().ports = {{policy::Protocol::tcp, policy::PortMatch::Range{port, port}}};
  return made;
}

/// A namespace of `kMoving` pods, and the policies' view of it with `i`: of production or of staging.
policy::Namespace moving_namespace(std::size_t i) {
  return {"moving", policy::Labels{{"kubernetes.io/metadata.name", "moving"},
                                   {"name", "moving"},
                                   {"stage", i % 2 == 0 ? "production" : "staging"}}};
}

Events moving_pods() {
  Events events = {upsert(moving_namespace(1))};
  for (std::size_t i = 0; i < kMoving; ++i) {
    policy::Pod pod = make_pod(200'000 + i);
    pod.namespace_name = "moving";
    events.push_back(upsert(pod));
  }
  return events;
}

/// A step of a rolling update: replaces pods with others of the same labels and other addresses.
Events rolling_step(std::size_t pods, std::size_t i) {
  Events events;
  for (std::size_t k = i * kStep; k < (i + 1) * kStep; ++k) {
    policy::Pod pod = make_pod(pods - 1 - k);
    events.push_back(removal(policy::key_of(pod)));
    const policy::Pod successor = make_pod(300'000 + k);
    pod.name = successor.name;
    pod.addresses = successor.addresses;
    events.push_back(upsert(pod));
  }
  return events;
}

}  // namespace

std::vector<Change> make_changes(std::size_t pods, std::size_t policies) {
  return {
      one("pod added", [=](std::size_t i) { return upsert(make_pod(pods + i)); }),
      one("pod relabelled", [=](std::size_t i) { return upsert(relabelled(pods + i)); }),
      one("pod removed", [=](std::size_t i) { return remove_pod(pods + i); }),
      one("pod of the node added", [=](std::size_t i) { return upsert(local(pods + i)); }),
      one("pod of the node removed", [=](std::size_t i) { return remove_pod(pods + i); }),
      one("policy added", [=](std::size_t i) { return upsert(policy_with_port(policies + i, 7000)); }),
      one("policy changed", [=](std::size_t i) { return upsert(policy_with_port(policies + i, 7001)); }),
      one("policy removed", [=](std::size_t i) { return removal(policy::key_of(make_policy(policies + i))); }),
      {"namespace of 1,000 pods appears", [](std::size_t i) { return i == 0 ? moving_pods() : Events(); }},
      one("namespace of 1,000 pods relabelled", [](std::size_t i) { return upsert(moving_namespace(i)); }),
      {"rolling update, 50 pods", [=](std::size_t i) { return rolling_step(pods, i); }},
  };
}

}  // namespace selvage::bench
