#include "k8s_client/config/token.h"

#include <utility>

#include "k8s_client/config/kubeconfig_file.h"

namespace selvage::k8s_client {

Result<std::string> TokenSource::current() {
  const MutexLock lock(mutex_);
  if (file_.empty()) return token_;
  auto read = read_token_file(file_);
  if (!read && token_.empty()) return fail("token", read.error());
  if (read) token_ = std::move(*read);
  return token_;
}

}  // namespace selvage::k8s_client
