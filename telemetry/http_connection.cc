#include "telemetry/http_connection.h"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <exception>
#include <utility>
#include <variant>

namespace selvage::telemetry {
namespace {

bool would_block(int code) { return code == EAGAIN || code == EWOULDBLOCK; }

HttpResponse answer_of(const HttpHandler& handler, const HttpRequest& request) {
  try {
    return handler(request);
  } catch (const std::exception&) {
    // Out of memory, as a rule: no reason to end the daemon.
    return error_response(500, "the answer could not be produced");
  }
}

}  // namespace

HttpConnection::HttpConnection(UniqueFd socket, std::string peer, const HttpLimits& limits, Moment now)
    : socket_(std::move(socket)), peer_(std::move(peer)), limits_(limits), deadline_(now + limits.request_time) {}

HttpConnection::~HttpConnection() {
  // Otherwise the kernel would keep unread data for minutes after the close, for any number of clients.
  int unread = 0;
  const bool all_read = step_ != Step::answer && ::ioctl(socket_.get(), SIOCOUTQ, &unread) == 0 && unread == 0;
  const linger reset{1, 0};
  if (!all_read) ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
}

short HttpConnection::events() const { return step_ == Step::answer ? POLLOUT : POLLIN; }

std::size_t HttpConnection::waiting_bytes() const {
  return step_ == Step::answer ? head_.size() + (body_ ? body_->size() : 0) - sent_ : 0;
}

bool HttpConnection::advance(const HttpHandler& handler, Moment now) {
  for (;;) {
    Outcome outcome = Outcome::over;
    if (step_ == Step::request) {
      outcome = read_request(handler, now);
    } else {
      outcome = step_ == Step::answer ? send_answer(now) : drain();
    }
    if (outcome != Outcome::next) return outcome == Outcome::wait;
  }
}

HttpConnection::Outcome HttpConnection::read_request(const HttpHandler& handler, Moment now) {
  std::array<char, 2048> bytes{};
  const ssize_t count = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
  if (count <= 0) return count < 0 && would_block(errno) ? Outcome::wait : Outcome::over;
  received_.append(bytes.data(), static_cast<std::size_t>(count));
  const std::size_t size = head_size(received_);
  if (size > limits_.head_bytes && received_.size() > limits_.head_bytes) {
    begin_answer(error_response(431, "the request head is too long"), true, now);
  } else if (size != std::string::npos) {
    const auto request = parse_request(std::string_view(received_).substr(0, size));
    const auto* good = std::get_if<HttpRequest>(&request);
    begin_answer(good != nullptr ? answer_of(handler, *good) : std::get<HttpResponse>(request),
                 good == nullptr || !good->head, now);
  }
  return Outcome::next;
}

void HttpConnection::begin_answer(const HttpResponse& response, bool with_body, Moment now) {
  received_ = {};
  head_ = response_head(response);
  if (with_body) body_ = response.body;
  step_ = Step::answer;
  deadline_ = now + limits_.response_time;
}

HttpConnection::Outcome HttpConnection::send_answer(Moment now) {
  // sendmsg(2) does not write to the parts; its interface lacks the const.
  std::array<iovec, 2> parts{};
  std::size_t used = 0;
  std::size_t skip = sent_;
  for (const std::string* part : {static_cast<const std::string*>(&head_), body_.get()}) {
    if (part == nullptr) continue;
    const std::size_t from = std::min(skip, part->size());
    skip -= from;
    if (from < part->size()) parts[used++] = {const_cast<char*>(part->data()) + from, part->size() - from};
  }
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = used;
  const ssize_t count = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
  if (count < 0) return would_block(errno) ? Outcome::wait : Outcome::over;
  sent_ += static_cast<std::size_t>(count);
  if (waiting_bytes() > 0) return Outcome::next;
  // A close with unread data would reset the connection, which could lose the answer.
  ::shutdown(socket_.get(), SHUT_WR);
  body_.reset();
  step_ = Step::drain;
  deadline_ = now + limits_.drain_time;
  return Outcome::next;
}

HttpConnection::Outcome HttpConnection::drain() {
  std::array<char, 4096> bytes{};
  const ssize_t count = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
  if (count <= 0) return count < 0 && would_block(errno) ? Outcome::wait : Outcome::over;
  drained_ += static_cast<std::size_t>(count);
  return drained_ > limits_.drained_bytes ? Outcome::over : Outcome::next;
}

}  // namespace selvage::telemetry
