#include "controller/sources/mailbox.h"

#include <sys/eventfd.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <utility>

namespace selvage::controller {

Result<std::unique_ptr<Mailbox>> Mailbox::open() {
  UniqueFd wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake) return fail_errno("eventfd", errno);
  return std::unique_ptr<Mailbox>(new Mailbox(std::move(wake)));
}

void Mailbox::put(std::vector<policy::Event> events, std::optional<bool> complete) {
  const std::lock_guard lock(mutex_);
  const bool news = complete && *complete != complete_;
  if (events.empty() && !news) return;
  complete_ = complete.value_or(complete_);
  const Moment now = Clock::now();
  for (auto& event : events) {
    policy::ObjectKey key = event.key;
    const auto [letter, added] = waiting_.try_emplace(std::move(key), Letter{{}, now});
    letter->second.event = std::move(event);
  }
  wake();
}

void Mailbox::put_synced() {
  const std::lock_guard lock(mutex_);
  synced_ = true;
  wake();
}

void Mailbox::put_error(Error why) {
  const std::lock_guard lock(mutex_);
  error_ = std::move(why);
  wake();
}

Mailbox::Contents Mailbox::take() {
  const std::lock_guard lock(mutex_);
  std::uint64_t count = 0;
  [[maybe_unused]] const auto drained = read(wake_.get(), &count, sizeof count);
  Contents contents;
  contents.synced = synced_;
  contents.complete = complete_;
  contents.error = std::exchange(error_, std::nullopt);
  contents.events.reserve(waiting_.size());
  contents.received.reserve(waiting_.size());
  for (auto& entry : waiting_) {
    contents.events.push_back(std::move(entry.second.event));
    contents.received.push_back(entry.second.received);
  }
  waiting_.clear();
  return contents;
}

void Mailbox::wake() const {
  const std::uint64_t one = 1;
  // Fails only when the counter is at its limit: then the descriptor is readable anyway.
  [[maybe_unused]] const auto written = write(wake_.get(), &one, sizeof one);
}

}  // namespace selvage::controller
