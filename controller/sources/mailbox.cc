#include "controller/sources/mailbox.h"

#include <memory>
#include <utility>

namespace selvage::controller {

Result<std::unique_ptr<Mailbox>> Mailbox::open() {
  auto wake = EventFd::open();
  if (!wake) return tl::unexpected(wake.error());
  return std::unique_ptr<Mailbox>(new Mailbox(std::move(*wake)));
}

void Mailbox::put(std::vector<policy::Event> events, std::optional<bool> complete) {
  const MutexLock lock(mutex_);
  const bool news = complete && *complete != complete_;
  if (events.empty() && !news) return;
  complete_ = complete.value_or(complete_);
  const Moment now = Clock::now();
  for (auto& event : events) {
    policy::ObjectKey key = event.key;
    const auto [letter, added] = waiting_.try_emplace(std::move(key), Letter{{}, now});
    letter->second.event = std::move(event);
  }
  wake_.set();
}

void Mailbox::put_synced() {
  const MutexLock lock(mutex_);
  synced_ = true;
  wake_.set();
}

void Mailbox::put_error(Error why) {
  const MutexLock lock(mutex_);
  error_ = std::move(why);
  wake_.set();
}

Mailbox::Contents Mailbox::take() {
  const MutexLock lock(mutex_);
  wake_.clear();
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

}  // namespace selvage::controller
