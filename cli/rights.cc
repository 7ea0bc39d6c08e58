#include "cli/rights.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

namespace selvage::cli {

void raise_net_admin() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  // capset(2) has no wrapper in glibc.
  if (syscall(SYS_capget, &header, sets.data()) != 0) return;
  constexpr auto kIndex = CAP_TO_INDEX(CAP_NET_ADMIN);
  constexpr auto kBit = CAP_TO_MASK(CAP_NET_ADMIN);
  if ((sets[kIndex].permitted & kBit) == 0) return;
  sets[kIndex].effective |= kBit;
  syscall(SYS_capset, &header, sets.data());
}

}  // namespace selvage::cli
