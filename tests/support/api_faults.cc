#include <algorithm>
#include <functional>

#include "tests/support/memory_api_server.h"

/// The faults of a MemoryApiServer.
namespace selvage::testing {
namespace {

using k8s_client::ResponseHead;
using Fault = MemoryApiServer::Fault;
using Serve = MemoryApiServer::Serve;

/// Forwards to another wire.
class WireBefore : public ScriptedWire {
 public:
  explicit WireBefore(ScriptedWire& next) : next_(next) {}
  bool head(const ResponseHead& head) override { return next_.head(head); }
  void end() override { next_.end(); }
  void stall() override { next_.stall(); }
  bool wait(const std::function<bool()>& ready) override { return next_.wait(ready); }
  void fail(int code) override { next_.fail(code); }

 protected:
  ScriptedWire& next_;
};

/// Forwards the first bytes of a body, then does something once, and sends nothing more.
class BreakingWire : public WireBefore {
 public:
  BreakingWire(ScriptedWire& next, std::size_t bytes, std::function<void(ScriptedWire&)> then)
      : WireBefore(next), left_(bytes), then_(std::move(then)) {}

  bool write(std::string_view bytes) override {
    if (broken_) return false;
    const auto part = bytes.substr(0, left_);
    left_ -= part.size();
    const bool here = next_.write(part);
    if (part.size() == bytes.size()) return here;
    broken_ = true;
    then_(next_);
    return false;
  }
  void end() override {
    if (!broken_) next_.end();
  }

 private:
  std::size_t left_;
  std::function<void(ScriptedWire&)> then_;
  bool broken_ = false;
};

class CuttingWire : public WireBefore {
 public:
  CuttingWire(ScriptedWire& next, std::size_t size) : WireBefore(next), size_(size) {}

  bool write(std::string_view bytes) override {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(size_, bytes.size()))) {
      if (!next_.write(bytes.substr(0, size_))) return false;
    }
    return true;
  }

 private:
  std::size_t size_;
};

Fault breaking_after(std::size_t bytes, std::function<void(ScriptedWire&)> then) {
  return [=](const auto&, ScriptedWire& wire, const Serve& serve) {
    BreakingWire breaking(wire, bytes, then);
    serve(breaking);
  };
}

}  // namespace

Fault refusal(int code, const std::string& reason) {
  return [=](const auto&, ScriptedWire& wire, const Serve&) {
    wire.head({code, std::nullopt});
    wire.write(status_json(code, reason, "a test wants it so"));
    wire.end();
  };
}

Fault no_connection(int code) {
  return [=](const auto&, ScriptedWire& wire, const Serve&) { wire.fail(code); };
}

Fault cut_after(std::size_t bytes) {
  return breaking_after(bytes, [](ScriptedWire&) {});
}

Fault garbage_after(std::size_t bytes) {
  return breaking_after(bytes, [](ScriptedWire& wire) {
    wire.write("<html>502 Bad Gateway</html>");
    wire.end();
  });
}

Fault silence_after(std::size_t bytes) {
  return breaking_after(bytes, [](ScriptedWire& wire) { wire.stall(); });
}

Fault in_parts(std::size_t bytes) {
  return [=](const auto&, ScriptedWire& wire, const Serve& serve) {
    CuttingWire cutting(wire, bytes);
    serve(cutting);
  };
}

}  // namespace selvage::testing
