#include <array>

#include "k8s_client/config/kubeconfig_decode.h"
#include "k8s_client/config/kubeconfig_field.h"
#include "k8s_client/config/kubeconfig_file.h"

namespace selvage::k8s_client {
namespace {

constexpr const char* kInstead = "; use a client certificate, or the token of a service account (tokenFile or token)";
constexpr std::size_t kMaxCommandShown = 120;

/// A field with an unsupported way to authenticate. To ignore it would mean another identity.
struct Refused {
  const char* name;
  const char* why;
};

constexpr std::array<Refused, 7> kRefused = {{
    {"auth-provider", "authentication providers are not supported"},
    {"username", "user name and password are not supported; no API server takes them since Kubernetes 1.19"},
    {"password", "user name and password are not supported; no API server takes them since Kubernetes 1.19"},
    {"as", "impersonation is not supported"},
    {"as-uid", "impersonation is not supported"},
    {"as-groups", "impersonation is not supported"},
    {"as-user-extra", "impersonation is not supported"},
}};

/// Names the plugin, but not its arguments and environment, which may contain secrets.
void refuse_exec(const Field& exec) {
  if (exec.absent()) return;
  std::optional<Complaint> unsafe;
  const auto command = text_of(exec.reporting_to(unsafe)["command"]).value_or("");
  const bool shown = !command.empty() && command.size() <= kMaxCommandShown;
  exec.complain((shown ? "the plugin \"" + command + "\"" : std::string("a plugin")) +
                " would have to be run; credential plugins are not supported" + kInstead);
}

std::string decode_token(const Field& field) {
  const auto token = text_of(field);
  if (!token || token->empty()) return "";
  if (!is_token(*token)) field.complain("a token is one word of visible ASCII characters");
  return *token;
}

void check_pair(const Field& user, const User& decoded) {
  if (decoded.client_certificate.given() == decoded.client_key.given()) return;
  const bool has_key = decoded.client_key.given();
  user[has_key ? "client-key" : "client-certificate"].complain(
      has_key ? "a key without its certificate; add client-certificate or client-certificate-data"
              : "a certificate without its key; add client-key or client-key-data");
}

}  // namespace

User decode_user(const Field& user, const std::string& file) {
  User result;
  if (!is_mapping_or_absent(user)) return result;
  refuse_exec(user["exec"]);
  for (const Refused& refused : kRefused) {
    const Field field = user[refused.name];
    if (is_set(field)) field.complain(std::string(refused.why) + kInstead);
  }
  result.client_certificate = decode_pem_source(user, "client-certificate", "client-certificate-data", file);
  result.client_key = decode_pem_source(user, "client-key", "client-key-data", file);
  result.token = decode_token(user["token"]);
  const Field token_file = user["tokenFile"];
  result.token_file = text_of(token_file).value_or("");
  result.token_location = {file, token_file.line(), token_file.path()};
  check_pair(user, result);
  return result;
}

}  // namespace selvage::k8s_client
