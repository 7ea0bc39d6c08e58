#include "controller/events/event_backlog.h"

#include <algorithm>
#include <utility>

namespace selvage::controller {

bool EventBacklog::may_report(const ClusterEvent& event, Moment now) {
  // A flood of bad objects must not suppress Events about the node.
  if (event.of_this_node) return node_.take(now);
  const policy::ObjectKey& object = event.about;
  const auto known = objects_.find(object);
  if (known != objects_.end()) return known->second.take(now);
  if (objects_.size() >= kMaxObjects && now >= sweep_) {
    std::erase_if(objects_, [&](const auto& each) { return each.second.full(now); });
    sweep_ = now + kInterval;  // so that a flood does not lead to a search each time
  }
  if (objects_.size() >= kMaxObjects) return false;
  return objects_.emplace(object, TokenBucket(kObjectInterval, kObjectBurst)).first->second.take(now);
}

bool EventBacklog::put(ClusterEvent event, Moment now, Moment from) {
  const bool first = event.of_this_node;
  const bool full = waiting_.size() >= kMax;
  if (!may_report(event, now) || (full && !first)) {
    ++dropped_;
    return false;
  }
  if (full) drop_last();
  waiting_.insert(first ? waiting_.begin() : waiting_.end(), Waiting{std::move(event), now, from});
  return !full;
}

void EventBacklog::drop_last() {
  waiting_.pop_back();
  ++dropped_;
}

std::optional<Moment> EventBacklog::due() const {
  if (waiting_.empty()) return std::nullopt;
  return std::max({waiting_.front().from, hold_until_, bucket_.next()});
}

std::optional<EventBacklog::Waiting> EventBacklog::take(Moment now) {
  dropped_ += std::erase_if(waiting_, [&](const Waiting& each) { return each.since + kTooOld < now; });
  if (waiting_.empty() || *due() > now || !bucket_.take(now)) return std::nullopt;
  Waiting next = std::move(waiting_.front());
  waiting_.pop_front();
  return next;
}

void EventBacklog::put_back(Waiting waiting, Moment now, std::chrono::seconds at_least) {
  const std::chrono::milliseconds wait = std::min<std::chrono::milliseconds>(at_least, kObjectInterval);
  hold_until_ = now + std::max(backoff_.fail(), wait);
  if (waiting_.size() >= kMax) {
    ++dropped_;
  } else {
    waiting_.push_back(std::move(waiting));
  }
}

}  // namespace selvage::controller
