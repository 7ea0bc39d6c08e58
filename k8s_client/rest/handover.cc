#include "k8s_client/rest/handover.h"

#include <utility>

namespace selvage::k8s_client {

/// Under the lock.
void Handover::wake() {
  if (!std::exchange(woken_, true)) event_.set();
}

void Handover::set_head(RawHead head) {
  const std::lock_guard lock(mutex_);
  head_ = std::move(head);
  wake();
}

void Handover::offer(std::string_view piece, Resume resume) {
  {
    const std::lock_guard lock(mutex_);
    if (!abandoned_) {
      piece_ = piece;
      resume_ = std::move(resume);
      wake();
      return;
    }
  }
  resume(false);
}

void Handover::finish(std::optional<LibraryFailure> failure) {
  const std::lock_guard lock(mutex_);
  finished_ = true;
  failure_ = std::move(failure);
  wake();
}

void Handover::release() {
  const std::lock_guard lock(mutex_);
  released_ = true;
  wake();
}

std::optional<Handover::Step> Handover::take() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(woken_, false)) event_.clear();
  // The library tells of the head in one thread and offers the body in another: the head goes first.
  if (head_taken_ && piece_) return Step{Step::Kind::piece, {}, *std::exchange(piece_, std::nullopt), {}};
  if (head_) {
    head_taken_ = true;
    return Step{Step::Kind::head, *std::exchange(head_, std::nullopt), {}, {}};
  }
  if (finished_ && !piece_) return Step{Step::Kind::end, {}, {}, failure_};
  return std::nullopt;
}

void Handover::consumed() { resume(true); }

void Handover::abandon() {
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    piece_.reset();
  }
  resume(false);
}

bool Handover::released() const {
  const std::lock_guard lock(mutex_);
  return released_;
}

void Handover::resume(bool go_on) {
  Resume resume;
  {
    const std::lock_guard lock(mutex_);
    resume = std::exchange(resume_, nullptr);
  }
  // Not under the lock: the library may offer the next piece from within.
  if (resume) resume(go_on);
}

}  // namespace selvage::k8s_client
