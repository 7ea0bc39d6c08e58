#pragma once

#include <zlib.h>

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace selvage::k8s_client {

/// Takes bytes, which are valid during the call, and returns whether to continue.
using TakeBytes = std::function<bool(std::string_view)>;

/// Unpacks gzip (RFC 1952, several members included) as it arrives, in pieces of at most 64 KiB, so that highly
/// compressed data costs no memory.
class Inflater {
 public:
  static Result<Inflater> make();

  /// Unpacks the next bytes. False: `take` wants no more. Fails with EPROTO when they are not gzip.
  Result<bool> feed(std::string_view packed, const TakeBytes& take);

  /// Whether the body may end here: after a member and its checksum, or before anything came.
  [[nodiscard]] bool at_end() const { return at_end_; }

 private:
  /// zlib's stream. Must not move: zlib's state points back to it.
  struct Stream {
    z_stream z{};
    Stream() = default;
    ~Stream() { inflateEnd(&z); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
  };
  explicit Inflater(std::unique_ptr<Stream> stream);
  Result<bool> unpack_once(const TakeBytes& take);

  std::unique_ptr<Stream> stream_;
  std::vector<char> piece_;
  bool at_end_ = true;
};

}  // namespace selvage::k8s_client
