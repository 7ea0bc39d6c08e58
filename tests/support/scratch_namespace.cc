#include "tests/support/scratch_namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <stdexcept>
#include <thread>

namespace selvage::testing {
namespace {

[[noreturn]] void give_up(const std::string& what) { throw std::runtime_error(what + ": " + std::strerror(errno)); }

/// Runs `work` on a thread, so that the caller's namespace never changes.
void on_a_thread(const std::function<void()>& work) {
  std::exception_ptr failure;
  std::thread([&] {
    try {
      work();
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  if (failure) std::rethrow_exception(failure);
}

std::unique_ptr<std::FILE, int (*)(std::FILE*)> temporary_file(const std::string& content) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
  if (!file) give_up("temporary file");
  std::fwrite(content.data(), 1, content.size(), file.get());
  std::rewind(file.get());
  return file;
}

std::string read_all(std::FILE* file) {
  std::rewind(file);
  std::string text;
  std::array<char, 4096> buffer{};
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), file)) text.append(buffer.data(), size);
  return text;
}

[[noreturn]] void become_shell(const char* command, int in, int out) {
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  execl("/bin/sh", "sh", "-c", command, static_cast<char*>(nullptr));
  _exit(127);
}

}  // namespace

ScratchNamespace::ScratchNamespace() {
  on_a_thread([this] {
    if (unshare(CLONE_NEWNET) != 0) give_up("new network namespace");
    fd_ = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (fd_ < 0) give_up("/proc/thread-self/ns/net");
  });
}

ScratchNamespace::~ScratchNamespace() { close(fd_); }

void ScratchNamespace::run(const std::function<void()>& work) const {
  on_a_thread([&] {
    if (setns(fd_, CLONE_NEWNET) != 0) give_up("setns");
    work();
  });
}

std::string ScratchNamespace::shell(const std::string& command, const std::string& input) const {
  const auto in = temporary_file(input);
  const auto out = temporary_file({});
  int status = 0;
  run([&] {
    const pid_t child = fork();
    if (child < 0) give_up("fork");
    if (child == 0) become_shell(command.c_str(), fileno(in.get()), fileno(out.get()));
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  });
  std::string text = read_all(out.get());
  if (status != 0) throw std::runtime_error(command + " failed: " + text);
  return text;
}

}  // namespace selvage::testing
