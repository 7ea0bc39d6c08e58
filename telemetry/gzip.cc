#include "telemetry/gzip.h"

#include <zlib.h>

#include <cerrno>

namespace selvage::telemetry {

Result<std::string> gzipped(std::string_view text) {
  constexpr int kGzipFormat = 16 + MAX_WBITS;
  constexpr int kDefaultMemory = 8;
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipFormat, kDefaultMemory, Z_DEFAULT_STRATEGY) != Z_OK) {
    return fail("gzip: out of memory", ENOMEM);
  }
  std::string packed(deflateBound(&stream, text.size()), '\0');
  // zlib does not write there; its older interface lacks the const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int ended = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (ended != Z_STREAM_END) return fail("gzip: the text does not fit");
  return packed;
}

}  // namespace selvage::telemetry
