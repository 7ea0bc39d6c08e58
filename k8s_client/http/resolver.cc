#include "k8s_client/http/resolver.h"

#include <optional>
#include <utility>

#include "k8s_client/http/thread.h"

namespace selvage::k8s_client {

/// One call of getaddrinfo(3). Shared with its thread, which may outlive the resolver.
struct Resolver::Lookup {
  explicit Lookup(EventFd event) : done(std::move(event)) {}

  [[nodiscard]] std::optional<Result<std::vector<Endpoint>>> take() {
    const MutexLock lock(mutex);
    return answer;
  }
  void finish(Result<std::vector<Endpoint>> result) {
    const MutexLock lock(mutex);
    answer = std::move(result);
    done.set();
  }

  EventFd done;
  Mutex mutex;
  std::optional<Result<std::vector<Endpoint>>> answer GUARDED_BY(mutex);
};

Result<std::shared_ptr<Resolver::Lookup>> Resolver::join_lookup() {
  const MutexLock lock(mutex_);
  if (under_way_ && !under_way_->take()) return under_way_;
  auto done = EventFd::open();
  if (!done) return tl::unexpected(done.error());
  auto lookup = std::make_shared<Lookup>(std::move(*done));
  const auto started =
      start_detached([lookup, host = host_, port = port_] { lookup->finish(look_up(host, port)); }, "look up " + host_);
  if (!started) return tl::unexpected(started.error());
  under_way_ = lookup;
  return lookup;
}

Result<std::vector<Endpoint>> Resolver::resolve(const StopSignal& stop, Moment deadline) {
  if (is_numeric_host(host_)) return look_up(host_, port_);
  const auto lookup = join_lookup();
  if (!lookup) return tl::unexpected(lookup.error());
  const Wake wake = wait_for((*lookup)->done.get(), POLLIN, stop, deadline);
  if (wake != Wake::ready) return tl::unexpected(wait_error(wake, "look up " + host_));
  return *(*lookup)->take();
}

}  // namespace selvage::k8s_client
