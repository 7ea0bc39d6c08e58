#pragma once

#include <string_view>

/// Well-known names, and the name rules of the API server (k8s.io/apimachinery/pkg/util/validation).
namespace selvage::k8s_client {

/// The annotation that makes policies enforced or staged (policy::Mode).
inline constexpr std::string_view kModeAnnotation = "selvage.dev/mode";

/// RFC 1123 label: 1 to 63 of [a-z0-9-], no dash at either end.
[[nodiscard]] bool is_dns_label(std::string_view text);
/// RFC 1123 subdomain: labels (of any length) with dots between, 1 to 253 in all.
[[nodiscard]] bool is_dns_subdomain(std::string_view text);
/// A label's value: empty, or 1 to 63 of [A-Za-z0-9_.-], letter or digit at both ends.
[[nodiscard]] bool is_label_value(std::string_view text);
/// A label's key: [subdomain "/"] name, the name like a value that is not empty.
[[nodiscard]] bool is_label_key(std::string_view text);
/// A port's name (RFC 6335, IANA service name): 1 to 15 of [a-z0-9-], a letter among them, no dash
/// at either end, no two dashes together.
[[nodiscard]] bool is_port_name(std::string_view text);

}  // namespace selvage::k8s_client
