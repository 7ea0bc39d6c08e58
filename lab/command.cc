#include "lab/command.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <functional>

#include "lab/netns.h"

namespace selvage::lab {
namespace {

constexpr std::chrono::seconds kStopPatience{5};

/// File descriptors that a child gets as 0, 1 and 2.
struct Standard {
  int in;
  int out;
  int err;
};

/// posix_spawnp with those descriptors, no signal blocked, and a process group of its own: Ctrl-C in a terminal reaches
/// only this program, which then ends its children in order.
Result<pid_t> spawn(const Argv& argv, Standard standard) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, standard.in, 0);
  posix_spawn_file_actions_adddup2(&actions, standard.out, 1);
  posix_spawn_file_actions_adddup2(&actions, standard.err, 2);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, words[0], &actions, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return fail_errno("start " + argv[0], error);
  return pid;
}

int wait_for_end(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// An anonymous file: unlike a pipe it never fills up, so it need not be read while the child runs.
UniqueFd scratch_file(std::string_view content) {
  UniqueFd fd(memfd_create("selvage-lab", MFD_CLOEXEC));
  if (fd && !content.empty() && write(fd.get(), content.data(), content.size()) >= 0) lseek(fd.get(), 0, SEEK_SET);
  return fd;
}

std::string content_of(const UniqueFd& fd) {
  std::string text;
  char buffer[4096];
  lseek(fd.get(), 0, SEEK_SET);
  for (ssize_t n = 0; (n = read(fd.get(), buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(n));
  return text;
}

std::string joined(const Argv& argv) {
  std::string text;
  for (const std::string& word : argv) text += (text.empty() ? "" : " ") + word;
  return text;
}

using Spawner = std::function<Result<pid_t>(Standard)>;

Result<std::string> run_with(const Argv& argv, std::string_view input, const Spawner& spawner) {
  const UniqueFd in = scratch_file(input);
  const UniqueFd out = scratch_file({});
  const UniqueFd err = scratch_file({});
  if (!in || !out || !err) return fail_errno("memfd_create", errno);
  const Result<pid_t> pid = spawner({in.get(), out.get(), err.get()});
  if (!pid) return fail(joined(argv), pid.error());
  const int status = wait_for_end(*pid);
  if (status == 0) return content_of(out);
  return fail(joined(argv) + ": exit " + std::to_string(status) + ": " + content_of(err) + content_of(out));
}

}  // namespace

Result<std::string> run(const Argv& argv, std::string_view input) {
  return run_with(argv, input, [&](Standard standard) { return spawn(argv, standard); });
}

Result<std::string> run(const Namespace& where, const Argv& argv, std::string_view input) {
  return run_with(argv, input, [&](Standard standard) { return where.inside([&] { return spawn(argv, standard); }); });
}

Result<Process> Process::start(const Namespace& where, const Argv& argv, const std::filesystem::path& log) {
  const UniqueFd in(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const UniqueFd out(open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!out) return fail_errno("open " + log.string(), errno);
  const Result<pid_t> pid = where.inside([&] { return spawn(argv, {in.get(), out.get(), out.get()}); });
  if (!pid) return fail(joined(argv), pid.error());
  return Process(*pid, UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, *pid, 0))));
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)), status_(other.status_) {}

Process& Process::operator=(Process&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(pidfd_, other.pidfd_);
  std::swap(status_, other.status_);
  return *this;
}

Process::~Process() {
  if (pid_ > 0) stop(SIGTERM);
}

std::optional<int> Process::wait(std::chrono::milliseconds patience) {
  if (status_) return status_;
  pollfd ended{pidfd_.get(), POLLIN, 0};
  if (poll(&ended, 1, static_cast<int>(patience.count())) == 1) status_ = wait_for_end(pid_);
  return status_;
}

int Process::stop(int signal) {
  if (!status_) kill(pid_, signal);
  if (!wait(kStopPatience)) {
    kill(pid_, SIGKILL);
    status_ = wait_for_end(pid_);
  }
  return *status_;
}

}  // namespace selvage::lab
