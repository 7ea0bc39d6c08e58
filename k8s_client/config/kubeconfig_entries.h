#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "k8s_client/config/server_url.h"

namespace selvage::k8s_client {

/// A place in a kubeconfig, for messages.
struct SourceLocation {
  std::string file;
  std::size_t line = 0;  ///< 1-based; 0: the whole file
  std::string field;     ///< "users[0].user.exec"; may be empty

  friend bool operator==(const SourceLocation&, const SourceLocation&) = default;
};

/// "FILE:12: users[0].user.exec", without the parts that are not set.
[[nodiscard]] std::string to_string(const SourceLocation& location);

/// PEM that is given as the name of a file, or as data.
struct PemSource {
  SourceLocation location;  ///< of the one that is used: the data, if both are given
  std::string path;         ///< as written; empty if data is given
  std::string data;

  [[nodiscard]] bool given() const { return !path.empty() || !data.empty(); }
};

/// An entry of `clusters`.
struct Cluster {
  ServerUrl server;
  PemSource certificate_authority;
  bool insecure = false;
  std::string tls_server_name;
  std::string proxy;  ///< "http://host:port" or empty
  bool disable_compression = false;
};

/// An entry of `users`.
struct User {
  PemSource client_certificate;  ///< given if and only if client_key is
  PemSource client_key;
  std::string token;
  std::string token_file;         ///< as written
  SourceLocation token_location;  ///< of tokenFile, if it is given
};

/// An entry of `contexts`.
struct Context {
  std::string cluster;
  std::string user;  ///< empty: no user
};

/// A named entry of a kubeconfig's lists. It may be bad, which matters only if it is used.
template <class Value>
struct Entry {
  std::string name;
  SourceLocation location;     ///< "users[0]"
  std::optional<Error> fault;  ///< set: `value` cannot be used, and why
  Value value;
};

/// The contents of one kubeconfig file; empty for an empty file.
struct KubeconfigText {
  std::string file;
  std::vector<Entry<Cluster>> clusters;  ///< unique names, as in the others
  std::vector<Entry<User>> users;
  std::vector<Entry<Context>> contexts;
  std::string current_context;
};

/// Decodes one kubeconfig, YAML or JSON. Pure: opens no file that it names. Unknown fields are skipped; unsupported
/// ways to authenticate are faults of their entry. An error names `file`, line and field, and quotes no value.
[[nodiscard]] Result<KubeconfigText> decode_kubeconfig(std::string_view text, const std::string& file);

}  // namespace selvage::k8s_client
