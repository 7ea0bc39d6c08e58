#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "k8s_client/config/server_url.h"

namespace selvage::k8s_client {

/// Where a kubeconfig says something, for messages.
struct SourceLocation {
  std::string file;
  std::size_t line = 0;  ///< 1-based; 0: of the whole file
  std::string field;     ///< "users[0].user.exec"; may be empty

  friend bool operator==(const SourceLocation&, const SourceLocation&) = default;
};

/// "FILE:12: users[0].user.exec", as much of it as there is.
[[nodiscard]] std::string to_string(const SourceLocation& location);

/// What may be given as the name of a file or as data: PEM.
struct PemSource {
  SourceLocation location;  ///< of the one that counts: of the data, where both are given
  std::string path;         ///< as written; empty where data is given
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
  PemSource client_certificate;  ///< given exactly where client_key is
  PemSource client_key;
  std::string token;
  std::string token_file;         ///< as written
  SourceLocation token_location;  ///< of tokenFile, where it is given
};

/// An entry of `contexts`.
struct Context {
  std::string cluster;
  std::string user;  ///< empty: nobody
};

/// A named entry of a kubeconfig's lists. It may be bad: that counts only where it is used.
template <class Value>
struct Entry {
  std::string name;
  SourceLocation location;     ///< "users[0]"
  std::optional<Error> fault;  ///< why `value` cannot be used
  Value value;
};

/// What one kubeconfig file says; a file that is empty says nothing.
struct KubeconfigText {
  std::string file;
  std::vector<Entry<Cluster>> clusters;  ///< no name twice, nor in the others
  std::vector<Entry<User>> users;
  std::vector<Entry<Context>> contexts;
  std::string current_context;
};

/// Reads the text of one kubeconfig, YAML or JSON. Pure: opens no file that it names. Fields that
/// nobody knows are skipped, those that say who to be in a way that is not supported are faults of
/// their entry. An error names `file`, line and field, and repeats no value.
[[nodiscard]] Result<KubeconfigText> decode_kubeconfig(std::string_view text, const std::string& file);

}  // namespace selvage::k8s_client
