#include <sstream>

#include "process_scene.h"

namespace selvage::soak {
namespace {

constexpr std::chrono::milliseconds kSampleInterval{1000};

class SteadyScene : public ProcessScene {
 public:
  explicit SteadyScene(const Setting& setting) : ProcessScene(setting, "off") {}

  [[nodiscard]] std::string summary() const override {
    const Growth found = growth(samples_);
    std::ostringstream text;
    text << "steady: agent's memory " << found.early.rss_kib << " KiB, in the end " << found.late.rss_kib
         << "; descriptors " << found.early.fds << ", in the end " << found.late.fds;
    return text.str();
  }

 protected:
  std::vector<Deed> deeds() override {
    return {{16, [this] { change(); }}, {2, [this] { burst(); }},      {4, [this] { meddle(); }},
            {2, [this] { spoil(); }},   {1, [this] { self_check(); }}, {1, [this] { verify(); }}};
  }

  void look() override {
    ProcessScene::look();
    if (!samples_.empty() && Clock::now() < next_) return;
    next_ = Clock::now() + kSampleInterval;
    samples_.push_back(agent_.usage());
  }

  void end() override {
    ProcessScene::end();
    const Growth found = growth(samples_);
    if (!found.complaint.empty()) stage_.complaints().add("the agent is not flat: " + found.complaint);
  }

 private:
  std::vector<Usage> samples_;
  Moment next_;
};

}  // namespace

std::unique_ptr<Scene> steady_scene(const Setting& setting) { return std::make_unique<SteadyScene>(setting); }

}  // namespace selvage::soak
