#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "tests/rest/transport_fixture.h"
#include "tests/support/scripted_transport.h"

namespace selvage::k8s_client {

using testing::ScriptedTransport;
using testing::Wire;

/// What a server gets to see of a request.
struct Asked {
  std::string target;
  std::optional<std::string> json;  ///< of a POST
};
using Script = std::function<void(const Asked&, Wire&)>;

/// One response over HTTP/1.1, in chunks.
class HttpWire : public Wire {
 public:
  explicit HttpWire(Peer& peer) : peer_(peer) {}

  bool head(const ResponseHead& head) override {
    const std::string retry =
        head.retry_after ? "Retry-After: " + std::to_string(head.retry_after->count()) + "\r\n" : "";
    return peer_.write("HTTP/1.1 " + std::to_string(head.status) + " Whatever\r\n" + retry +
                       "Transfer-Encoding: chunked\r\n\r\n");
  }
  bool write(std::string_view bytes) override { return peer_.write(chunk(std::string(bytes))); }
  void end() override {
    peer_.write(kLastChunk);
    ended_ = true;
  }
  void stall() override { peer_.wait_closed(); }

  [[nodiscard]] bool ended() const { return ended_; }

 private:
  Peer& peer_;
  bool ended_ = false;
};

inline HttpServer::Script over_http(Script script) {
  return [script = std::move(script)](Peer& peer) {
    for (auto request = peer.read_request(); !request.empty(); request = peer.read_request()) {
      const auto start = request.find(' ') + 1;
      Asked asked{request.substr(start, request.find(' ', start) - start), std::nullopt};
      if (request.starts_with("POST ")) asked.json = peer.read_body(request);
      HttpWire wire(peer);
      script(asked, wire);
      if (!wire.ended()) return;
    }
  };
}

/// A transport, and what keeps its other end alive.
class Link {
 public:
  Link(bool real, Script script) {
    if (real) {
      server_ = std::make_unique<HttpServer>(over_http(std::move(script)));
      transport_ = open_transport(config_for(*server_));
    } else {
      transport_ = std::make_unique<ScriptedTransport>(
          [script = std::move(script)](const Request& request, testing::ScriptedWire& wire) {
            script({request.target, wire.posted()}, wire);
          });
    }
  }
  Transport& operator*() const { return *transport_; }
  Transport* operator->() const { return transport_.get(); }

 private:
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<Transport> transport_;
};

inline bool real_or_not() { return GENERATE(true, false); }

inline int code_of(const Result<void>& result) { return result ? -1 : result.error().code; }

}  // namespace selvage::k8s_client
