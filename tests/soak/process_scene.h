#pragma once

#include "agent_process.h"
#include "scene.h"

namespace selvage::soak {

/// Actions on the agent as a program, whatever its lifetime.
class ProcessScene : public Scene {
 public:
  ProcessScene(const Setting& setting, std::string table_owner);

  [[nodiscard]] std::string log_tail() const override { return agent_.log_tail(); }

 protected:
  void begin() override;
  void look() override;
  void end() override;

  /// Starts the agent; its pods are on the fast path later.
  void start();
  /// Another program changes the tables while the agent runs.
  void meddle();
  /// The same, with the agent away or not: what is done to open tables shows.
  void flush();
  void spoil();
  void verify();
  void self_check();

  AgentProcess agent_;
  std::string table_owner_;
  bool owned_ = false;  ///< no other program can change the tables now
};

}  // namespace selvage::soak
