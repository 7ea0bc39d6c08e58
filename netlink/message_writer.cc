#include "netlink/message_writer.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace selvage::netlink {

void MessageWriter::begin(std::uint16_t type, std::uint16_t flags, std::uint8_t family, std::uint16_t resource_id,
                          std::uint32_t sequence) {
  const nfgenmsg extra{family, NFNETLINK_V0, htons(resource_id)};
  begin(type, flags, sequence, &extra, sizeof(extra));
}

void MessageWriter::begin(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence, const void* extra,
                          std::size_t size) {
  if (buffer_.size() < offset_ + kRoom) buffer_.resize(std::max(buffer_.size() * 2, offset_ + kRoom));
  nlmsghdr* message = mnl_nlmsg_put_header(buffer_.data() + offset_);
  message->nlmsg_type = type;
  message->nlmsg_flags = flags;
  message->nlmsg_seq = sequence;
  std::memcpy(mnl_nlmsg_put_extra_header(message, size), extra, size);
}

nlmsghdr* MessageWriter::header() { return reinterpret_cast<nlmsghdr*>(buffer_.data() + offset_); }

void MessageWriter::put(std::uint16_t type, std::string_view bytes) {
  mnl_attr_put(header(), type, bytes.size(), bytes.data());
}

void MessageWriter::put_string(std::uint16_t type, std::string_view text) {
  mnl_attr_put_strz(header(), type, std::string(text).c_str());
}

void MessageWriter::put_be32(std::uint16_t type, std::uint32_t number) {
  mnl_attr_put_u32(header(), type, htonl(number));
}

nlattr* MessageWriter::nest(std::uint16_t type) { return mnl_attr_nest_start(header(), type); }

void MessageWriter::end_nest(nlattr* nest) { mnl_attr_nest_end(header(), nest); }

void MessageWriter::finish() { offset_ += NLMSG_ALIGN(header()->nlmsg_len); }

ByteBuffer MessageWriter::take() {
  buffer_.resize(offset_);
  offset_ = 0;
  return std::exchange(buffer_, {});
}

}  // namespace selvage::netlink
