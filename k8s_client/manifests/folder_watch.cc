#include "k8s_client/manifests/folder_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "k8s_client/manifests/link_hops.h"

namespace selvage::k8s_client {
namespace {

/// Without IN_MODIFY: a file counts when its writer closes it.
constexpr std::uint32_t kMask = IN_CLOSE_WRITE | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

Result<int> add_watch(int fd, const std::string& directory) {
  const int watch = inotify_add_watch(fd, directory.c_str(), kMask);
  if (watch >= 0) return watch;
  const int code = errno;
  const char* remedy = code == ENOSPC ? " (raise the sysctl fs.inotify.max_user_watches)" : "";
  return fail_errno("folder " + directory + " cannot be watched" + remedy, code);
}

bool is_shortage(int code) { return code == ENOSPC || code == ENOMEM; }

/// Two paths may lead to one directory, which has one watch. No names mean all names.
void merge_names(std::map<int, std::set<std::string>>& watches, int watch, const std::set<std::string>& names) {
  const auto [entry, fresh] = watches.try_emplace(watch, names);
  if (fresh || entry->second.empty()) return;
  entry->second.insert(names.begin(), names.end());
  if (names.empty()) entry->second.clear();
}

}  // namespace

Result<FolderWatch> FolderWatch::open(std::string folder) {
  UniqueFd fd(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!fd) {
    const int code = errno;
    const char* remedy = code == EMFILE ? " (raise the sysctl fs.inotify.max_user_instances)" : "";
    return fail_errno(std::string("inotify cannot be set up") + remedy, code);
  }
  FolderWatch watch(std::move(fd), std::move(folder));
  const auto refreshed = watch.refresh({});
  if (!refreshed) return tl::unexpected<Error>(refreshed.error());
  return watch;
}

bool FolderWatch::drain() {
  // Large enough for any event: inotify(7). Several fit.
  alignas(inotify_event) std::array<char, 16384> buffer;
  bool changed = false;
  for (;;) {
    const ssize_t length = ::read(fd_.get(), buffer.data(), buffer.size());
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return changed;
    for (std::size_t at = 0; at < static_cast<std::size_t>(length);) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const std::string name = event.len > 0 ? buffer.data() + at + sizeof event : "";
      changed = concerns(event.wd, event.mask, name) || changed;
      at += sizeof event + event.len;
    }
  }
}

bool FolderWatch::concerns(int watch, unsigned mask, const std::string& name) {
  if ((mask & IN_Q_OVERFLOW) != 0) return true;
  const auto watched = watches_.find(watch);
  // From a watch that refresh() has removed.
  if (watched == watches_.end()) return false;
  const bool of_directory_itself = (mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)) != 0;
  const bool concerned = of_directory_itself || watched->second.empty() || watched->second.count(name) > 0;
  if ((mask & IN_IGNORED) != 0) watches_.erase(watched);
  return concerned;
}

Result<bool> FolderWatch::refresh(std::span<const std::string> links) {
  std::map<std::string, Names> wanted;
  const auto want = [&](const std::string& path) {
    for (const auto& hop : link_hops(path)) wanted[hop.directory].insert(hop.name);
  };
  want(folder_);
  for (const auto& link : links) want(link);
  wanted[folder_].clear();

  bool changed = false;
  std::map<int, Names> watches;
  for (const auto& [directory, names] : wanted) {
    const auto watch = add_watch(fd_.get(), directory);
    if (watch) {
      merge_names(watches, *watch, names);
    } else if (is_shortage(watch.error().code)) {
      return tl::unexpected<Error>(watch.error());
    } else {
      // Removed since it was looked up; the folder itself may stay missing.
      changed = changed || (watch.error().code == ENOENT && directory != folder_);
    }
  }
  for (const auto& [watch, names] : watches) changed = watches_.count(watch) == 0 || changed;
  for (const auto& [watch, names] : watches_) {
    if (watches.count(watch) == 0) inotify_rm_watch(fd_.get(), watch);
  }
  watches_ = std::move(watches);
  return changed;
}

}  // namespace selvage::k8s_client
