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

/// Files above this size are refused unread, in bytes.
inline constexpr std::size_t kMaxManifestBytes = 32U << 20U;

/// Why a document of a manifest file was refused.
struct DecodeError {
  std::string file;                         ///< as given to decode_manifests
  std::size_t line = 0;                     ///< 1-based, in the file; 0 where the file could not be read at all
  std::optional<policy::ObjectKey> object;  ///< where kind, namespace and name are readable
  std::string field;                        ///< "spec.ingress[0].ports[1].port"; empty where it is no one field
  std::string message;                      ///< what was expected, and the remedy where it is not plain

  friend auto operator<=>(const DecodeError&, const DecodeError&) = default;
};

/// One line for people: "a.yaml:12: NetworkPolicy prod/web: spec.policyTypes[0]: expected ...".
[[nodiscard]] std::string to_string(const DecodeError& error);

/// An object that a file defines.
struct Decoded {
  policy::Object object;
  std::size_t line = 0;  ///< 1-based, where its document (or list item) starts
  /// The document has an error, and `object` is what may stand in for it where no good version is
  /// known: a NetworkPolicy that grants no more than the document certainly says. Its podSelector
  /// is all pods of the namespace unless it could be decoded, it isolates both directions unless
  /// policyTypes says otherwise beyond doubt, and a rule with any bad or unknown part is left out.
  bool fallback = false;

  friend bool operator==(const Decoded&, const Decoded&) = default;
};

/// What one file says. An object that is bad has one error; if it is a NetworkPolicy whose namespace
/// and name are readable it has a closed form in `objects` as well. Pods and Namespaces that are bad
/// are in `errors` only.
struct Manifests {
  std::vector<Decoded> objects;     ///< in file order; one object may be there twice (the file says it twice)
  std::vector<DecodeError> errors;  ///< in file order, at most one for a document or list item
  UnsupportedCounts unsupported;    ///< policies of other APIs, which are skipped otherwise
  /// False: what object some document holds could not be told (broken YAML, no name), so an object
  /// that is missing here may well still be meant.
  bool complete = true;

  friend bool operator==(const Manifests&, const Manifests&) = default;
};

/// Decodes YAML or JSON as `kubectl get -o yaml|json` writes it or people do: many documents, lists
/// (List, PodList, NamespaceList, NetworkPolicyList), core v1 Pods and Namespaces and
/// networking.k8s.io/v1 NetworkPolicies, checked as the API server checks the fields that are used.
/// Other kinds, and kinds of other API groups, are skipped; policies among them are counted. Pure; never throws; safe
/// on any bytes.
///
/// Stricter than the API server: a key given twice, an unknown field in a NetworkPolicy's spec, a
/// null where a rule, peer, port or label value belongs.
[[nodiscard]] Manifests decode_manifests(std::string_view text, std::string_view file_name);

}  // namespace selvage::k8s_client
