#include "k8s_client/json/json_status.h"

#include <limits>

#include "k8s_client/json/json_text.h"

namespace selvage::k8s_client {
namespace {

constexpr auto kMaxSeconds = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint16_t kMaxStatusCode = 999;
/// metav1.CauseTypeResourceVersionTooLarge.
constexpr std::string_view kTooLarge = "ResourceVersionTooLarge";
/// corev1.NamespaceTerminatingCause.
constexpr std::string_view kTerminating = "NamespaceTerminating";

bool has_cause(const Field& details, std::string_view reason) {
  const auto causes = details["causes"].items();
  if (!causes) return false;
  for (const auto& cause : *causes) {
    if (cause["reason"].text_or("") == reason) return true;
  }
  return false;
}

}  // namespace

std::string text_at(const Node& object, std::initializer_list<std::string_view> path) {
  std::optional<Complaint> ignored;
  Field field(object, ignored);
  for (const auto key : path) field = field[key];
  return field.text_or("").value_or("");
}

bool is_status(const Node& object) { return text_at(object, {"kind"}) == "Status"; }

ApiStatus read_status(int code, const Node& status) {
  std::optional<Complaint> ignored;
  const Field field(status, ignored);
  const Field details = field["details"];
  ApiStatus result;
  result.code = code != 0 ? code : field["code"].number(0, kMaxStatusCode).value_or(0);
  result.reason = clean_text(text_at(status, {"reason"}), kMaxStatusMessage);
  result.message = clean_text(text_at(status, {"message"}), kMaxStatusMessage);
  const auto seconds = details["retryAfterSeconds"].number(1, kMaxSeconds);
  if (seconds) result.retry_after = std::chrono::seconds(*seconds);
  result.resource_version_too_large = has_cause(details, kTooLarge);
  result.namespace_terminating = has_cause(details, kTerminating);
  return result;
}

ApiStatus status_from_text(int code, std::string_view body) {
  ApiStatus result;
  result.code = code;
  result.message = clean_text(body, kMaxStatusMessage);
  return result;
}

Result<ListMeta> read_list_meta(const Node& list) {
  std::optional<Complaint> complaint;
  const Field metadata = Field(list, complaint)["metadata"];
  const auto version = metadata["resourceVersion"].text();
  const auto token = metadata["continue"].text_or("");
  if (complaint) return fail("a list: " + complaint->field + ": " + complaint->message);
  if (!version || version->empty()) return fail("a list: metadata.resourceVersion: expected a version");
  return ListMeta{*version, token.value_or(""), metadata["remainingItemCount"].count()};
}

std::vector<std::string> read_api_versions(const Node& group_list) {
  std::optional<Complaint> ignored;
  std::vector<std::string> api_versions;
  const auto groups = Field(group_list, ignored)["groups"].items();
  for (const auto& group : groups.value_or(std::vector<Field>{})) {
    const auto versions = group["versions"].items();
    for (const auto& version : versions.value_or(std::vector<Field>{})) {
      const auto text = version["groupVersion"].text();
      if (text) api_versions.push_back(*text);
    }
  }
  return api_versions;
}

}  // namespace selvage::k8s_client
