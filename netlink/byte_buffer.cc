#include "netlink/byte_buffer.h"

#include <new>

namespace selvage::netlink {

void ByteBuffer::resize(std::size_t size) {
  void* grown = std::realloc(bytes_.get(), size > 0 ? size : 1);
  if (grown == nullptr) throw std::bad_alloc();
  static_cast<void>(bytes_.release());  // it has moved, or is the same
  bytes_.reset(static_cast<std::uint8_t*>(grown));
  size_ = size;
}

}  // namespace selvage::netlink
