#include "bench/control/subject.h"
#include "bench/layouts/kube_router.h"
#include "bench/layouts/rule_per_policy.h"
#include "bench/need.h"
#include "bench/world.h"
#include "controller/agent/agent.h"
#include "controller/sync/reconciler.h"
#include "lab/command.h"
#include "nft/kernel/netlink_kernel.h"

namespace selvage::bench {
namespace {

/// The kernel, with the time of its transactions.
class TimedKernel : public nft::Kernel {
 public:
  explicit TimedKernel(std::unique_ptr<nft::Kernel> kernel) : kernel_(std::move(kernel)) {}

  Result<nft::Ruleset> read(std::span<const nft::TableKey> tables) override { return kernel_->read(tables); }
  nft::CommitResult commit(const nft::Plan& plan) override {
    const Moment begun = Clock::now();
    auto committed = kernel_->commit(plan);
    took_ += Clock::now() - begun;
    return committed;
  }
  [[nodiscard]] double took_ms() const { return std::chrono::duration<double, std::milli>(took_).count(); }

 private:
  std::unique_ptr<nft::Kernel> kernel_;
  Clock::duration took_{};
};

class SelvageSubject : public Subject {
 public:
  explicit SelvageSubject(const lab::Namespace& where)
      : kernel_(need(where.inside([] { return nft::NetlinkKernel::open(); }))),
        reconciler_(
            kernel_, [](const auto& /*visit*/) { return Result<void>(); }, kNode, options()) {}

  void apply(const policy::Event& event) override { reconciler_.apply({event}); }
  void enforce() override { static_cast<void>(need(reconciler_.sync(Clock::now()))); }
  [[nodiscard]] double committing_ms() const override { return kernel_.took_ms(); }

 private:
  static controller::RenderOptions options() {
    controller::RenderOptions options;
    options.bridge_match = controller::BridgeMatch::port_kind;  // every kernel supports it
    options.log_group = controller::kDeniedGroup;
    return options;
  }

  TimedKernel kernel_;
  controller::Reconciler reconciler_;
};

class RulePerPolicySubject : public Subject {
 public:
  explicit RulePerPolicySubject(const lab::Namespace& where) : where_(where) {}

  void apply(const policy::Event& event) override { objects_.apply(event); }
  void enforce() override {
    RuleTable want = rule_per_policy(flatten(objects_, kNode));
    const std::string text = begun_ ? difference(have_, want) : to_text(want);
    if (!text.empty()) static_cast<void>(need(lab::run(where_, {"nft", "-f", "-"}, text)));
    have_ = std::move(want);
    begun_ = true;
  }

 private:
  const lab::Namespace& where_;
  Objects objects_;
  RuleTable have_;
  bool begun_ = false;
};

class FullResyncSubject : public Subject {
 public:
  explicit FullResyncSubject(const lab::Namespace& where) : where_(where) {}

  void apply(const policy::Event& event) override { objects_.apply(event); }
  void enforce() override {
    static_cast<void>(need(lab::run(where_, {"iptables-save", "-t", "filter"})));
    const KubeRouter rules = kube_router(flatten(objects_, kNode));
    static_cast<void>(need(lab::run(where_, {"ipset", "save"})));
    static_cast<void>(need(lab::run(where_, {"ipset", "restore", "-exist"}, rules.ipset)));
    static_cast<void>(need(lab::run(where_, {"iptables-restore"}, rules.iptables)));
  }

 private:
  const lab::Namespace& where_;
  Objects objects_;
};

}  // namespace

std::unique_ptr<Subject> make_subject(const std::string& name, const lab::Namespace& where) {
  if (name == "Selvage") return std::make_unique<SelvageSubject>(where);
  if (name == "rule per policy") return std::make_unique<RulePerPolicySubject>(where);
  return std::make_unique<FullResyncSubject>(where);
}

}  // namespace selvage::bench
