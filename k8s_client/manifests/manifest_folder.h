#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "k8s_client/manifests/manifest_store.h"

namespace selvage::k8s_client {

/// What tells one content of a file from another without reading it.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;  ///< st_mtim, nanoseconds since the Unix epoch
  std::int64_t changed_ns = 0;   ///< st_ctim
  std::uint64_t size = 0;        ///< bytes
  /// False: it was written so shortly before it was read that another write may leave the same
  /// stamp (time stamps move in ticks of milliseconds). Never trusted.
  bool stable = false;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// A folder of manifests as a source of objects: reads the *.yaml, *.yml and *.json files in it, as
/// `kubectl apply -f FOLDER` does (not its subfolders, no dotfiles; symbolic links are followed, as
/// in ConfigMap volumes), and only those that changed. Not thread-safe.
class ManifestFolder {
 public:
  explicit ManifestFolder(std::string folder) : folder_(std::move(folder)) {}

  /// Reads what changed since the last call and says what that changes. A file that cannot be read,
  /// or is empty all at once, keeps the objects it held and counts among the errors. Fails where
  /// the folder itself cannot be listed; then everything stays, and a later call goes on from here.
  /// Files are named in errors as folder/name.
  [[nodiscard]] Result<Changes> rescan();

  [[nodiscard]] const std::string& folder() const { return folder_; }
  /// Paths (folder/name) of those manifests that were symbolic links at the last rescan: what
  /// FolderWatch::refresh needs.
  [[nodiscard]] const std::vector<std::string>& links() const { return links_; }

 private:
  void read_file(const std::string& name);

  std::string folder_;
  ManifestStore store_;
  std::map<std::string, FileStamp> stamps_;  ///< by file name, of the files the store knows
  std::vector<std::string> links_;
};

}  // namespace selvage::k8s_client
