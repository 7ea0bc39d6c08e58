#pragma once

#include <string_view>

#include "k8s_client/api/transport.h"

namespace selvage::testing {

/// The server's end of one response, for the script of a test's server. Data for a client that is gone is dropped. A
/// script that returns without `end` cuts the connection.
class Wire {
 public:
  Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  virtual ~Wire() = default;

  /// Sent first. False: the client is gone.
  virtual bool head(const k8s_client::ResponseHead& head) = 0;
  /// A part of the body. False: the client is gone.
  virtual bool write(std::string_view bytes) = 0;
  /// Completes the body.
  virtual void end() = 0;
  /// Sends nothing until the client is gone.
  virtual void stall() = 0;
};

}  // namespace selvage::testing
