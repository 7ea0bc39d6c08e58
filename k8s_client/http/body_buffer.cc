#include "k8s_client/http/body_buffer.h"

#include <limits>
#include <stdexcept>
#include <utility>

namespace selvage::k8s_client {

BodyBuffer::BodyBuffer(std::shared_ptr<ResponseStream> stream)
    : streambuf_state_manager(std::ios_base::out), stream_(std::move(stream)) {}

BodyBuffer::~BodyBuffer() { stream_->release(); }

pplx::task<std::size_t> BodyBuffer::putn_nocopy(const std::uint8_t* bytes, std::size_t count) {
  return _putn(bytes, count);
}

pplx::task<std::size_t> BodyBuffer::_putn(const std::uint8_t* bytes, std::size_t count) {
  // The library reads a chunk's size as a signed number, and passes negative ones on.
  if (count > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return pplx::task_from_exception<std::size_t>(std::length_error("the size of a chunk is out of range"));
  }
  if (count == 0) return pplx::task_from_result<std::size_t>(0);
  const pplx::task_completion_event<std::size_t> done;
  stream_->offer({reinterpret_cast<const char*>(bytes), count}, [done, count](bool go_on) {
    if (go_on) {
      done.set(count);
    } else {
      done.set_exception(std::runtime_error("the body is not wanted any more"));
    }
  });
  return pplx::task<std::size_t>(done);
}

}  // namespace selvage::k8s_client
