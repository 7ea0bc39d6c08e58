#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "k8s_client/manifests/manifest_store.h"

namespace selvage::k8s_client {

/// Tells versions of a file apart without reading it.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;  ///< st_mtim, nanoseconds since the Unix epoch
  std::int64_t changed_ns = 0;   ///< st_ctim
  std::uint64_t size = 0;        ///< bytes
  /// False: the file was written just before it was read, so that another write may leave the same stamp (time stamps
  /// have a resolution of milliseconds). Such a stamp is not trusted.
  bool stable = false;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// Reads a folder of manifests: its *.yaml, *.yml and *.json files, as `kubectl apply -f FOLDER` does (no subfolders,
/// no dotfiles; symbolic links are followed, as in ConfigMap volumes), and only those that have changed. Not
/// thread-safe.
class ManifestFolder {
 public:
  explicit ManifestFolder(std::string folder) : folder_(std::move(folder)) {}

  /// Reads the files that have changed since the last call, and returns the changes. A file that cannot be read, or is
  /// suddenly empty, keeps its objects and is an error. Fails when the folder itself cannot be listed: then everything
  /// stays, and a later call continues from here. Errors name files as folder/name.
  [[nodiscard]] Result<Changes> rescan();

  [[nodiscard]] const std::string& folder() const { return folder_; }
  /// Paths (folder/name) of the manifests that were symbolic links at the last rescan, for FolderWatch::refresh.
  [[nodiscard]] const std::vector<std::string>& links() const { return links_; }

 private:
  void read_file(const std::string& name);

  std::string folder_;
  ManifestStore store_;
  std::map<std::string, FileStamp> stamps_;  ///< of the files in the store, by name
  std::vector<std::string> links_;
};

}  // namespace selvage::k8s_client
