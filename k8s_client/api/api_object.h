#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "policy/model/model.h"

/// Decoded answers of the API server.
namespace selvage::k8s_client {

/// A version of an object, for references to it (corev1.ObjectReference).
struct ObjectVersion {
  policy::ObjectKey key;
  std::string uid;               ///< metadata.uid; empty where it cannot be read
  std::string resource_version;  ///< metadata.resourceVersion; likewise

  friend bool operator==(const ObjectVersion&, const ObjectVersion&) = default;
};

/// Why an object was refused.
struct ObjectError {
  std::string object;   ///< "NetworkPolicy prod/web", or "a NetworkPolicy" where its name cannot be read
  std::string field;    ///< "spec.ingress[0].ports[1].port"; empty where no single field is at fault
  std::string message;  ///< what was expected, and the remedy where it is not obvious
  std::optional<ObjectVersion> version = std::nullopt;  ///< if namespace and name are readable

  friend bool operator==(const ObjectError&, const ObjectError&) = default;
};

/// One line for people: "NetworkPolicy prod/web: spec.policyTypes[0]: expected ...".
[[nodiscard]] std::string to_string(const ObjectError& error);

/// An object as the API server sent it.
struct ApiObject {
  std::optional<policy::ObjectKey> key;  ///< if namespace and name are readable
  std::string resource_version;          ///< metadata.resourceVersion; empty where it cannot be read
  /// The decoded object. For a bad NetworkPolicy with a readable key its fail-closed fallback (Decoded::fallback in
  /// manifests/manifest.h); for a bad Pod or Namespace nothing.
  std::optional<policy::Object> object;
  std::optional<ObjectError> error;  ///< set: the object is bad, or at least its mode is
  bool error_spoils = true;          ///< false: only a Namespace's mode is bad, and `object` is set
};

/// metav1.Status, or as much as an error body allows to fill in.
struct ApiStatus {
  int code = 0;                                     ///< HTTP status code
  std::string reason;                               ///< "Expired", "Gone", "TooManyRequests", ... (metav1.StatusReason)
  std::string message;                              ///< for people; at most 1 KiB, no control characters
  std::optional<std::chrono::seconds> retry_after;  ///< details.retryAfterSeconds, or the header Retry-After
  bool resource_version_too_large = false;          ///< details.causes has ResourceVersionTooLarge
  bool namespace_terminating = false;               ///< details.causes has NamespaceTerminating
};

/// metav1.ListMeta of a list.
struct ListMeta {
  std::string resource_version;
  std::string continue_token;  ///< "continue"; empty on the last page
  /// "remainingItemCount": objects on later pages; nothing where the server does not say.
  std::optional<std::uint64_t> remaining_items = std::nullopt;
};

/// metav1.WatchEvent.
struct WatchEvent {
  enum class Type : std::uint8_t { added, modified, deleted, bookmark, error };
  Type type = Type::error;
  ApiObject object;                 ///< of a bookmark only `resource_version`; of an error nothing
  bool initial_events_end = false;  ///< bookmark with the annotation k8s.io/initial-events-end (KEP-3157)
  ApiStatus status;                 ///< of an error
};

}  // namespace selvage::k8s_client
