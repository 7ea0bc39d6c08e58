#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/unique_fd.h"

namespace selvage::lab {

/// A named network namespace of this process: it stands under /run/netns, so `ip netns exec` reaches it, and the
/// destructor removes it. Move-only; calls are safe from several threads.
class Namespace {
 public:
  /// Makes "selvage-<pid>-<number>-<label>", loopback up. The number makes it unique in this process.
  static Result<Namespace> create(std::string_view label);

  Namespace(Namespace&& other) noexcept = default;
  Namespace& operator=(Namespace&& other) noexcept;
  ~Namespace();

  [[nodiscard]] const std::string& name() const { return name_.text; }

  /// Calls `work`, which returns a Result<T>, on a thread that is in this namespace, and returns what it returned.
  template <class Work>
  auto inside(Work work) const -> decltype(work()) {
    decltype(work()) result = fail("not run");
    const Result<void> entered = call([&] { result = work(); });
    if (!entered) return tl::unexpected<Error>(entered.error());
    return result;
  }

  /// socket(2) in this namespace, close-on-exec. The socket stays in it whichever thread uses it.
  [[nodiscard]] Result<UniqueFd> socket(int family, int type, int protocol = 0) const;
  /// Writes /proc/sys/<path>, for those of net/ that each namespace has for itself.
  [[nodiscard]] Result<void> sysctl(const std::string& path, std::string_view value) const;
  /// `ip -batch` here: one command a line, without the leading "ip".
  [[nodiscard]] Result<void> ip_batch(const std::string& lines) const;

 private:
  /// A name that a move leaves empty, so that one namespace is removed once.
  struct Name {
    Name() = default;
    explicit Name(std::string value) : text(std::move(value)) {}
    Name(Name&& other) noexcept : text(std::exchange(other.text, {})) {}
    Name& operator=(Name&&) = delete;
    std::string text;
  };

  Namespace(std::string name, UniqueFd fd) : name_(std::move(name)), fd_(std::move(fd)) {}
  [[nodiscard]] Result<void> call(const std::function<void()>& work) const;

  Name name_;
  UniqueFd fd_;
};

/// Removes what processes that are dead by now left under /run/netns, and ends what still runs in there.
void sweep_leftovers();

}  // namespace selvage::lab
