#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace selvage {

/// Why an operation failed. `message` names the object, what was tried and, where one exists, the
/// remedy; it never ends in a newline. `code` is the errno of the system call or of the kernel's
/// netlink answer (positive, <errno.h>), or 0 where no system error was involved.
struct Error {
  std::string message;
  int code = 0;

  friend bool operator==(const Error&, const Error&) = default;
};

/// A value or an `Error`: what every function that can fail returns. Exceptions do not cross rooms.
/// Must be looked at: dropping one is a compiler warning, and warnings are errors here.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

/// Makes the error side of a `Result<T>`: `return fail("pod prod/web: no name")`.
[[nodiscard]] inline tl::unexpected<Error> fail(std::string message, int code = 0) {
  return tl::unexpected<Error>(Error{std::move(message), code});
}

/// Same from an existing error, with `context` put before its message ("context: message").
[[nodiscard]] inline tl::unexpected<Error> fail(const std::string& context, const Error& cause) {
  return tl::unexpected<Error>(Error{context + ": " + cause.message, cause.code});
}

/// Same from errno: the message becomes "what: strerror(code)".
[[nodiscard]] tl::unexpected<Error> fail_errno(const std::string& what, int code);

}  // namespace selvage
