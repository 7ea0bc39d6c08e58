#pragma once

#include <map>
#include <set>
#include <span>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace selvage::k8s_client {

/// Reports when something in a folder may have changed (inotify(7)): files are written, replaced, linked or removed; a
/// symbolic link on the way to the folder or to one of its files changes (ConfigMap volumes, git-sync); the folder
/// itself is removed or comes back. Not thread-safe.
///
/// Use: open(); rescan; `while (refresh(links)) rescan`; then, each time fd() is readable and drain() returns true:
/// rescan, and refresh as before. Network file systems do not report changes by other machines: rescan there from time
/// to time.
class FolderWatch {
 public:
  /// Watches `folder`, which need not exist yet. Fails when the system's inotify limits are exhausted; the message
  /// names the sysctl.
  [[nodiscard]] static Result<FolderWatch> open(std::string folder);

  /// For poll(2), readable when drain() has something to read. Non-blocking; owned by this object.
  [[nodiscard]] int fd() const { return fd_.get(); }

  /// Reads all waiting events. True when one of them concerns the folder, or when events were lost (overflow).
  [[nodiscard]] bool drain();

  /// Looks up again what must be watched: the folder and, for each path in `links` (symbolic links among its files),
  /// every link on the way and the folder of its target. True: something new is watched that may have changed
  /// meanwhile, so rescan and refresh once more.
  [[nodiscard]] Result<bool> refresh(std::span<const std::string> links);

 private:
  /// The names that matter in a watched directory; empty: all of them.
  using Names = std::set<std::string>;

  FolderWatch(UniqueFd fd, std::string folder) : fd_(std::move(fd)), folder_(std::move(folder)) {}
  [[nodiscard]] bool concerns(int watch, unsigned mask, const std::string& name);

  UniqueFd fd_;
  std::string folder_;
  std::map<int, Names> watches_;  ///< by watch descriptor
};

}  // namespace selvage::k8s_client
