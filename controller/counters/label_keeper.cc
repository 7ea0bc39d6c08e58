#include "controller/counters/label_keeper.h"

#include <utility>

namespace selvage::controller {

void LabelKeeper::committed(const policy::NodePolicyDelta* delta, const policy::NodePolicy& policy,
                            const RenderOptions& options) {
  if (counters_ == nullptr) return;
  if (delta != nullptr) {
    if (delta->local.empty() && delta->permissions.empty()) return;
    counters_->update_labels([&](CounterLabels& labels) { update_labels(labels, *delta, policy, options); });
    return;
  }
  CounterLabels labels = counter_labels(policy, options);
  labels.staged = staged_;
  counters_->set_labels(std::move(labels));
  known_ = true;
}

void LabelKeeper::staged_changed(const policy::Snapshot* staged) {
  if (counters_ == nullptr) return;
  staged_.reset();
  if (staged != nullptr) staged_ = staged_labels(*staged);
  if (known_) counters_->update_labels([this](CounterLabels& labels) { labels.staged = staged_; });
}

}  // namespace selvage::controller
