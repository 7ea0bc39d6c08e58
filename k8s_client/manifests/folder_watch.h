#pragma once

#include <map>
#include <set>
#include <span>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace selvage::k8s_client {

/// Tells when something in a folder may have changed (inotify(7)): files written, replaced, linked
/// or removed; a symbolic link on the way to the folder or to one of its files turned elsewhere
/// (ConfigMap volumes, git-sync); the folder itself removed, or there again. Not thread-safe.
///
/// Use: open(); rescan; `while (refresh(links)) rescan`; then, each time fd() is readable and
/// drain() says so: rescan, and refresh as before. Network file systems do not tell of changes that
/// other machines make: rescan there from time to time.
class FolderWatch {
 public:
  /// Watches `folder`, which need not exist yet. Fails where the system's inotify limits are used up
  /// (the message names the sysctl).
  [[nodiscard]] static Result<FolderWatch> open(std::string folder);

  /// For poll(2), readable when drain() has something to read. Non-blocking; owned by this object.
  [[nodiscard]] int fd() const { return fd_.get(); }

  /// Reads all events that wait. True where one of them concerns the folder, also when events were
  /// lost (overflow).
  [[nodiscard]] bool drain();

  /// Looks up again what has to be watched: the folder and, for each path in `links` (symbolic links
  /// among its files), every link on the way and the place of its target. True: something is watched
  /// now that was not before and may have changed meanwhile, so scan and refresh once more.
  [[nodiscard]] Result<bool> refresh(std::span<const std::string> links);

 private:
  /// The names that matter in a watched directory; none listed: all of them.
  using Names = std::set<std::string>;

  FolderWatch(UniqueFd fd, std::string folder) : fd_(std::move(fd)), folder_(std::move(folder)) {}
  [[nodiscard]] bool concerns(int watch, unsigned mask, const std::string& name);

  UniqueFd fd_;
  std::string folder_;
  std::map<int, Names> watches_;  ///< by watch descriptor
};

}  // namespace selvage::k8s_client
