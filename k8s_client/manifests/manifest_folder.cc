#include "k8s_client/manifests/manifest_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include "base/unique_fd.h"

namespace selvage::k8s_client {
namespace {

/// Longer than the resolution of any file system's time stamps.
constexpr std::chrono::seconds kStableAfter{1};

bool is_manifest_name(std::string_view name) {
  constexpr std::array<std::string_view, 3> kEndings = {".yaml", ".yml", ".json"};
  return name.front() != '.' &&
         std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) { return name.ends_with(ending); });
}

/// Names of the manifests in `folder`, sorted.
Result<std::vector<std::string>> list_manifests(const std::string& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir(folder.c_str()), closedir);
  if (!directory) return fail_errno("manifest folder " + folder + " cannot be listed", errno);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(directory.get())) {
    if (is_manifest_name(entry->d_name)) names.emplace_back(entry->d_name);
  }
  if (errno != 0) return fail_errno("manifest folder " + folder + " cannot be listed", errno);
  std::sort(names.begin(), names.end());
  return names;
}

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * 1'000'000'000LL + time.tv_nsec; }

FileStamp stamp_of(const struct stat& status) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t stable_before = std::chrono::nanoseconds(now - kStableAfter).count();
  FileStamp stamp;
  stamp.device = status.st_dev;
  stamp.inode = status.st_ino;
  stamp.modified_ns = nanoseconds(status.st_mtim);
  stamp.changed_ns = nanoseconds(status.st_ctim);
  stamp.size = static_cast<std::uint64_t>(status.st_size);
  stamp.stable = std::max(stamp.modified_ns, stamp.changed_ns) < stable_before;
  return stamp;
}

/// All bytes of a file, but at most one more than kMaxManifestBytes, which shows that it is too large.
Result<std::string> read_all(const std::string& path) {
  // Non-blocking, so that a FIFO with such a name cannot block everything.
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return fail_errno("the file cannot be opened", errno);
  std::string text;
  std::array<char, 65536> block;
  while (text.size() <= kMaxManifestBytes) {
    const ssize_t count = ::read(fd.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("the file cannot be read", errno);
    if (count == 0) break;
    text.append(block.data(), static_cast<std::size_t>(count));
  }
  return text;
}

bool is_link(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
}

}  // namespace

Result<Changes> ManifestFolder::rescan() {
  const auto names = list_manifests(folder_);
  if (!names) return fail("manifests", names.error());
  links_.clear();
  std::erase_if(stamps_, [&](const auto& entry) {
    const bool gone = !std::binary_search(names->begin(), names->end(), entry.first);
    if (gone) store_.remove_file(folder_ + "/" + entry.first);
    return gone;
  });
  for (const auto& name : *names) {
    if (is_link(folder_ + "/" + name)) links_.push_back(folder_ + "/" + name);
    read_file(name);
  }
  return store_.take_changes();
}

void ManifestFolder::read_file(const std::string& name) {
  const std::string path = folder_ + "/" + name;
  const auto refuse = [&](std::string why) {
    store_.set_unreadable(path, {path, 0, std::nullopt, "", std::move(why)});
  };
  FileStamp& known = stamps_[name];
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    known = {};
    return refuse(fail_errno("the file cannot be found", errno).value().message);
  }
  if (S_ISDIR(status.st_mode)) return store_.remove_file(path);
  if (!S_ISREG(status.st_mode)) return refuse("not a regular file");
  const FileStamp now = stamp_of(status);
  if (known.stable && now == known) return;
  known = {};
  const auto text = read_all(path);
  if (!text) return refuse(text.error().message);
  // Editors and cp truncate files first. To delete objects, delete the file or their text.
  if (text->empty() && store_.holds_objects(path)) return refuse("the file is empty; delete it to delete its objects");
  known = now;
  store_.set_file(path, decode_manifests(*text, path));
}

}  // namespace selvage::k8s_client
