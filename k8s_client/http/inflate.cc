#include "k8s_client/http/inflate.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>

namespace selvage::k8s_client {
namespace {

constexpr std::size_t kPieceBytes = 64UL * 1024;
/// zlib.h: 15 is the largest window, 16 more means gzip and nothing else.
constexpr int kGzipWindow = 15 + 16;

}  // namespace

Inflater::Inflater(std::unique_ptr<Stream> stream) : stream_(std::move(stream)), piece_(kPieceBytes) {}

Result<Inflater> Inflater::make() {
  auto stream = std::make_unique<Stream>();
  if (inflateInit2(&stream->z, kGzipWindow) != Z_OK) return fail("gzip: not enough memory to decompress", ENOMEM);
  return Inflater(std::move(stream));
}

/// One step of zlib: passes the unpacked bytes to `take`.
Result<bool> Inflater::unpack_once(const TakeBytes& take) {
  z_stream& stream = stream_->z;
  if (at_end_) inflateReset(&stream);
  at_end_ = false;
  stream.next_out = reinterpret_cast<Bytef*>(piece_.data());
  stream.avail_out = static_cast<uInt>(piece_.size());
  const int status = inflate(&stream, Z_NO_FLUSH);
  if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
    return fail(std::string("gzip: ") + (stream.msg == nullptr ? "not to be unpacked" : stream.msg), EPROTO);
  }
  at_end_ = status == Z_STREAM_END;
  const std::size_t unpacked = piece_.size() - stream.avail_out;
  return unpacked == 0 || take({piece_.data(), unpacked});
}

Result<bool> Inflater::feed(std::string_view packed, const TakeBytes& take) {
  z_stream& stream = stream_->z;
  while (!packed.empty()) {
    const std::size_t part = std::min<std::size_t>(packed.size(), std::numeric_limits<uInt>::max());
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(part);
    packed.remove_prefix(part);
    // After a full piece there may be more, even without more input.
    do {
      const auto wanted = unpack_once(take);
      if (!wanted || !*wanted) return wanted;
    } while (stream.avail_in != 0 || (stream.avail_out == 0 && !at_end_));
  }
  return true;
}

}  // namespace selvage::k8s_client
