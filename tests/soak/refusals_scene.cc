#include <array>
#include <cerrno>

#include "agent_process.h"
#include "faulty_agent.h"
#include "meddling.h"
#include "scene.h"
#include "tests/support/random_values.h"

namespace selvage::soak {
namespace {

using testing::FaultyKernel;

constexpr std::chrono::seconds kPatience{60};

/// Of the parts of one kind those, one in `share`, that a hash of their content says.
FaultyKernel::Matches some_of(nft::PlanPart::Kind kind, std::size_t share) {
  return [=](const nft::PlanPart& part) {
    const std::string key = part.element ? part.element->first : "";
    return part.kind == kind && !part.deletion && std::hash<std::string>()(part.name + key) % share == 0;
  };
}

class RefusalsScene : public Scene {
 public:
  explicit RefusalsScene(const Setting& setting)
      : Scene(setting), setting_(setting), agent_(stage_.network().node(), stage_.world().folder(), setting.seed) {}

  [[nodiscard]] std::string log_tail() const override { return ""; }
  [[nodiscard]] std::string summary() const override {
    return "refusals: " + std::to_string(faults_) + " refused or failed commits";
  }

 protected:
  void begin() override {
    stage_.tell("start");
    stage_.converge();
  }
  std::vector<Deed> deeds() override {
    return {{4, [this] { change(); }},      {1, [this] { burst(); }},  {6, [this] { trouble(false); }},
            {3, [this] { trouble(true); }}, {6, [this] { poison(); }}, {1, [this] { verify(); }}};
  }
  void look() override { agent_.check_running(); }
  void end() override { verify(); }

 private:
  void trouble(bool meddled);
  void poison();
  void heal();
  void verify();
  /// What `selvage verify` finds.
  [[nodiscard]] std::optional<std::string> differs() const;

  Setting setting_;
  FaultyAgent agent_;
  std::size_t faults_ = 0;
};

/// Calls of the kernel fail by chance while objects change, sometimes while somebody else changes the tables, too.
void RefusalsScene::trouble(bool meddled) {
  const World::Step step = stage_.world().change(1 + testing::below(stage_.random(), 5));
  const auto percent = static_cast<unsigned>(10 + testing::below(stage_.random(), 80));
  const Meddling& meddling = random_meddling(stage_.random());
  stage_.tell("of calls " + std::to_string(percent) + " % fail in " + std::to_string(step.events.size()) + " events" +
              (meddled ? std::string(", ") + meddling.script : ""));
  // Where all fails, new isolation is tried alone, without what it allows.
  const Excuse excuse{meddled && meddling.excuse.opens, true};
  stage_.announce(step, excuse);
  agent_.treat([percent](FaultyKernel& kernel) { kernel.set_fault_rate(percent); });
  stage_.write(step);
  if (meddled) stage_.nft(meddling.script);
  stage_.pause(1500);
  heal();
}

/// Some parts are refused for their own sake: what they would allow is denied, and nothing else.
void RefusalsScene::poison() {
  using Kind = nft::PlanPart::Kind;
  testing::Random& random = stage_.random();
  const World::Step step = stage_.world().change(1 + testing::below(random, 5));
  const Kind kind = testing::pick(random, std::array{Kind::element, Kind::element, Kind::set, Kind::chain, Kind::rule});
  const int code = testing::pick(random, std::array{ENOSPC, ENFILE, EINVAL, EOPNOTSUPP, EBUSY});
  const std::size_t share = 1 + testing::below(random, 4);
  stage_.tell("a part in " + std::to_string(share) + " of kind " + to_string(kind) + " is refused, errno " +
              std::to_string(code) + ", in " + std::to_string(step.events.size()) + " events");
  stage_.announce(step, {.closes = true});
  agent_.treat([=](FaultyKernel& kernel) { kernel.refuse(some_of(kind, share), code); });
  stage_.write(step);
  stage_.pause(2500);
  heal();
}

void RefusalsScene::heal() {
  const auto faults = std::make_shared<std::size_t>();
  agent_.treat([faults](FaultyKernel& kernel) {
    kernel.heal();
    *faults = kernel.faults();
  });
  faults_ = *faults;
  // What was left out is tried again after some seconds; less may pass until then.
  const Moment until = Clock::now() + kPatience;
  while (differs() && Clock::now() < until) continue;
  stage_.converge();
}

std::optional<std::string> RefusalsScene::differs() const {
  return verify_node(stage_.network(), setting_.agent, setting_.place / "manifests", {"--log-denied-group", "off"});
}

void RefusalsScene::verify() {
  stage_.tell("verify");
  if (const auto found = differs()) stage_.complaints().add("selvage verify: " + *found);
}

}  // namespace

std::unique_ptr<Scene> refusals_scene(const Setting& setting) { return std::make_unique<RefusalsScene>(setting); }

}  // namespace selvage::soak
