#include "controller/events/cluster_event.h"

#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

#include <utility>

#include "base/name_hash.h"
#include "controller/output/json.h"
#include "k8s_client/json/json_text.h"

namespace selvage::controller {
namespace {

constexpr const char* kReporter = "selvage.dev/agent";
constexpr const char* kAction = "Enforce";
// k8s.io/kubernetes/pkg/apis/core/validation/events.go
constexpr std::size_t kMaxNote = 1024;
constexpr std::size_t kMaxInstance = 128;
/// Of the 253 bytes of a name; a dot and a hash follow.
constexpr std::size_t kMaxNamePart = 200;

/// `what` and `rest`; `what` is cut if they are too long together.
std::string note_of(const std::string& what, const std::string& rest) {
  return k8s_client::clean_text(what, kMaxNote - rest.size()) + rest;
}

/// Made of the object's name, which is a DNS subdomain, and of a hash of `identity`.
std::string event_name(std::string object, const std::string& identity) {
  object.resize(std::min(object.size(), kMaxNamePart));
  while (object.ends_with('.') || object.ends_with('-')) object.pop_back();
  return object + "." + name_hash(identity);
}

/// metav1.MicroTime.
std::string micro_time(WallTime when) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(when);
  const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(when - seconds);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", fmt::gmtime(WallClock::to_time_t(seconds)), rest.count());
}

}  // namespace

std::optional<ClusterEvent> bad_object_event(const k8s_client::ObjectError& error, WallTime when) {
  if (!error.version) return std::nullopt;
  const auto& [key, uid, version] = *error.version;
  const std::string kind(policy::to_string(key.kind));
  if (kind == "Pod") return std::nullopt;
  const bool is_policy = kind == "NetworkPolicy";
  ClusterEvent event;
  event.about = key;
  event.api_version = is_policy ? "networking.k8s.io/v1" : "v1";
  event.kind = kind;
  event.uid = uid;
  event.version = version;
  event.name_space = key.namespace_name.empty() ? "default" : key.namespace_name;
  event.reason = "Invalid" + kind;
  event.name =
      event_name(key.name, fmt::format("{}\n{}\n{}\n{}\n{}", kind, key.namespace_name, key.name, uid, version));
  event.note =
      note_of((error.field.empty() ? "" : error.field + ": ") + error.message,
              is_policy ? "; until it is corrected its last good version is enforced, or the fail-closed fallback"
                        : "; until it is corrected its last good version is used");
  event.when = when;
  return event;
}

ClusterEvent node_event(const std::string& node, const std::string& note, WallTime when) {
  ClusterEvent event;
  event.about = {kNodeKind, "", node};
  event.name_space = "default";
  event.api_version = "v1";
  event.kind = "Node";
  event.uid = node;
  event.reason = "PolicyNotEnforced";
  event.name = event_name(node, node + "\n" + micro_time(when));
  event.note = note_of(note, "");
  event.when = when;
  event.of_this_node = true;
  return event;
}

std::string path_of(const ClusterEvent& event) {
  return "/apis/events.k8s.io/v1/namespaces/" + event.name_space + "/events";
}

std::string to_json(const ClusterEvent& event, const std::string& node) {
  Json regarding = {{"apiVersion", event.api_version}, {"kind", event.kind}};
  if (!event.about.namespace_name.empty()) regarding["namespace"] = event.about.namespace_name;
  regarding["name"] = event.about.name;
  if (!event.uid.empty()) regarding["uid"] = event.uid;
  if (!event.version.empty()) regarding["resourceVersion"] = event.version;
  return to_line({{"apiVersion", "events.k8s.io/v1"},
                  {"kind", "Event"},
                  {"metadata", {{"name", event.name}, {"namespace", event.name_space}}},
                  {"eventTime", micro_time(event.when)},
                  {"type", "Warning"},
                  {"reason", event.reason},
                  {"action", kAction},
                  {"regarding", regarding},
                  {"note", event.note},
                  {"reportingController", kReporter},
                  {"reportingInstance", node.substr(0, kMaxInstance)}});
}

}  // namespace selvage::controller
