#include "lab/netns.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <sstream>
#include <thread>

#include "lab/command.h"

namespace selvage::lab {
namespace {

constexpr std::string_view kDirectory = "/run/netns/";
constexpr std::string_view kPrefix = "selvage-";

void remove_namespace(const std::string& name) {
  const std::string path = std::string(kDirectory) + name;
  umount2(path.c_str(), MNT_DETACH);
  unlink(path.c_str());
}

/// The process that made namespace `name`, or 0 when the lab did not make it.
pid_t maker_of(const std::string& name) {
  if (!name.starts_with(kPrefix)) return 0;
  pid_t pid = 0;
  const char* first = name.data() + kPrefix.size();
  const auto parsed = std::from_chars(first, name.data() + name.size(), pid);
  return parsed.ec == std::errc() && *parsed.ptr == '-' ? pid : 0;
}

void end_processes_in(const std::string& name) {
  const Result<std::string> pids = run({"ip", "netns", "pids", name});
  if (!pids) return;
  std::istringstream list(*pids);
  for (pid_t pid = 0; list >> pid;) kill(pid, SIGKILL);
}

}  // namespace

Result<Namespace> Namespace::create(std::string_view label) {
  static std::atomic<unsigned> next{1};
  const std::string name =
      std::string(kPrefix) + std::to_string(getpid()) + "-" + std::to_string(next++) + "-" + std::string(label);
  const Result<std::string> added = run({"ip", "netns", "add", name});
  if (!added) {
    remove_namespace(name);  // an `ip` that was ended half-way leaves the file
    return fail("network namespace", added.error());
  }
  UniqueFd fd(open((std::string(kDirectory) + name).c_str(), O_RDONLY | O_CLOEXEC));
  const int code = errno;
  Namespace made(name, std::move(fd));
  if (!made.fd_) return fail_errno("open network namespace " + name, code);
  const Result<void> up = made.ip_batch("link set lo up\n");
  if (!up) return tl::unexpected<Error>(up.error());
  return made;
}

Namespace& Namespace::operator=(Namespace&& other) noexcept {
  std::swap(name_.text, other.name_.text);
  std::swap(fd_, other.fd_);
  return *this;
}

Namespace::~Namespace() {
  if (!name_.text.empty()) remove_namespace(name_.text);
}

Result<void> Namespace::call(const std::function<void()>& work) const {
  int error = 0;
  std::thread visitor([&] {
    if (setns(fd_.get(), CLONE_NEWNET) != 0)
      error = errno;
    else
      work();
  });
  visitor.join();
  if (error != 0) return fail_errno("enter network namespace " + name(), error);
  return {};
}

Result<UniqueFd> Namespace::socket(int family, int type, int protocol) const {
  return inside([&]() -> Result<UniqueFd> {
    UniqueFd fd(::socket(family, type | SOCK_CLOEXEC, protocol));
    if (!fd) return fail_errno("socket in " + name(), errno);
    return fd;
  });
}

Result<void> Namespace::sysctl(const std::string& path, std::string_view value) const {
  return inside([&]() -> Result<void> {
    const std::string file = "/proc/sys/" + path;
    const UniqueFd fd(open(file.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd || write(fd.get(), value.data(), value.size()) < 0) return fail_errno("write " + file, errno);
    return {};
  });
}

Result<void> Namespace::ip_batch(const std::string& lines) const {
  const Result<std::string> done = run(*this, {"ip", "-batch", "-"}, lines);
  if (!done) return fail("in " + name(), done.error());
  return {};
}

void sweep_leftovers() {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(kDirectory, error)) {
    const std::string name = entry.path().filename();
    const pid_t maker = maker_of(name);
    if (maker == 0 || kill(maker, 0) == 0 || errno != ESRCH) continue;
    end_processes_in(name);
    remove_namespace(name);
  }
}

}  // namespace selvage::lab
