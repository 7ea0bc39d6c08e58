#include "base/result.h"

#include <system_error>

namespace selvage {

tl::unexpected<Error> fail_errno(const std::string& what, int code) {
  return fail(what + ": " + std::generic_category().message(code), code);
}

}  // namespace selvage
