#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "k8s_client/decode/unsupported_policies.h"
#include "policy/model/model.h"

namespace selvage::k8s_client {

/// Larger files are refused unread, in bytes.
inline constexpr std::size_t kMaxManifestBytes = 32U << 20U;

/// Why a document of a manifest file was refused.
struct DecodeError {
  std::string file;                         ///< as given to decode_manifests
  std::size_t line = 0;                     ///< 1-based, in the file; 0 if the file could not be read at all
  std::optional<policy::ObjectKey> object;  ///< if kind, namespace and name are readable
  std::string field;    ///< "spec.ingress[0].ports[1].port"; empty where no single field is at fault
  std::string message;  ///< what was expected, and the remedy where it is not obvious

  friend auto operator<=>(const DecodeError&, const DecodeError&) = default;
};

/// One line for people: "a.yaml:12: NetworkPolicy prod/web: spec.policyTypes[0]: expected ...".
[[nodiscard]] std::string to_string(const DecodeError& error);

/// An object in a file.
struct Decoded {
  policy::Object object;
  std::size_t line = 0;  ///< 1-based, where its document (or list item) starts
  /// The document has an error, and `object` is its fail-closed fallback, to be used while no good version is known: a
  /// NetworkPolicy that allows only what the document clearly allows. It selects all pods of the namespace unless the
  /// podSelector could be decoded, isolates both directions unless policyTypes clearly says otherwise, and has no rule
  /// with a bad or unknown part.
  bool fallback = false;

  friend bool operator==(const Decoded&, const Decoded&) = default;
};

/// The contents of one file. A bad object has one error; a bad NetworkPolicy with a readable namespace and name has a
/// fallback in `objects` as well. Bad Pods and Namespaces are only in `errors`.
struct Manifests {
  std::vector<Decoded> objects;     ///< in file order; an object that is defined twice is there twice
  std::vector<DecodeError> errors;  ///< in file order, at most one for a document or list item
  UnsupportedCounts unsupported;    ///< numbers of policies of other APIs, which are skipped
  /// False: some document could not be identified (broken YAML, no name), so that an object that is missing here may
  /// still exist.
  bool complete = true;

  friend bool operator==(const Manifests&, const Manifests&) = default;
};

/// Decodes YAML or JSON as written by `kubectl get -o yaml|json` or by people: many documents, lists (List, PodList,
/// NamespaceList, NetworkPolicyList), core v1 Pods and Namespaces and networking.k8s.io/v1 NetworkPolicies. Checks the
/// fields that are used as the API server does. Other kinds, and kinds of other API groups, are skipped; policies among
/// them are counted. Pure; never throws; safe on any bytes.
///
/// Stricter than the API server: it refuses a repeated key, an unknown field in a NetworkPolicy's spec, and a null in
/// place of a rule, peer, port or label value.
[[nodiscard]] Manifests decode_manifests(std::string_view text, std::string_view file_name);

}  // namespace selvage::k8s_client
