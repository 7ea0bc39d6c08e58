#include "tests/cluster/child.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace selvage::testing {
namespace {

/// All that the child needs between fork and exec, where it must not allocate.
struct Launch {
  std::vector<char*> words;
  UniqueFd space;  // network namespace to enter, if any
  UniqueFd null;
  ChildStreams streams;
  pid_t parent = -1;
};

[[noreturn]] void become(const Launch& launch) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != launch.parent) ::_exit(127);  // it ended before prctl
  if (launch.space && ::setns(launch.space.get(), CLONE_NEWNET) != 0) ::_exit(126);
  ::setpgid(0, 0);
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  const auto or_null = [&](int fd) { return fd < 0 ? launch.null.get() : fd; };
  ::dup2(or_null(launch.streams.in), 0);
  ::dup2(or_null(launch.streams.out), 1);
  ::dup2(or_null(launch.streams.err), 2);
  ::execv(launch.words[0], launch.words.data());
  ::_exit(127);
}

UniqueFd open_namespace(const lab::Namespace* where) {
  if (where == nullptr) return {};
  UniqueFd fd(::open(("/run/netns/" + where->name()).c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) throw std::system_error(errno, std::generic_category(), "open network namespace " + where->name());
  return fd;
}

}  // namespace

Child::Child(const std::vector<std::string>& argv, const lab::Namespace* where, const ChildStreams& streams) {
  // Said here, since the child itself can only exit.
  if (::access(argv.at(0).c_str(), X_OK) != 0) throw std::system_error(errno, std::generic_category(), argv[0]);
  Launch launch{{}, open_namespace(where), UniqueFd(::open("/dev/null", O_RDWR | O_CLOEXEC)), streams, ::getpid()};
  for (const std::string& word : argv) launch.words.push_back(const_cast<char*>(word.c_str()));
  launch.words.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) become(launch);
}

Child::~Child() {
  signal(SIGKILL);
  wait();
}

void Child::signal(int number) const {
  if (!ended_) ::kill(pid_, number);
}

bool Child::running() {
  int status = 0;
  if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) note_end(status);
  return !ended_;
}

int Child::wait() {
  int status = 0;
  while (!ended_) {
    if (::waitpid(pid_, &status, 0) == pid_) note_end(status);
  }
  return status_;
}

void Child::note_end(int status) {
  ended_ = true;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace selvage::testing
