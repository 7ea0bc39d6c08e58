#pragma once

// Only for the files that use cpprestsdk: its headers are slow to compile.
#include <cpprest/streams.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "k8s_client/http/response_stream.h"

namespace selvage::k8s_client {

/// The stream buffer to which cpprestsdk writes a response's body. Each write goes to the ResponseStream, and completes
/// when that has taken it, so that a slow reader slows down the server. The library's own buffer grows without bounds.
///
/// Of all objects of a request the library destroys this one last, after it has returned the connection: the destructor
/// reports that to the stream.
class BodyBuffer final : public concurrency::streams::details::streambuf_state_manager<std::uint8_t> {
 public:
  explicit BodyBuffer(std::shared_ptr<ResponseStream> stream);
  ~BodyBuffer() override;

  pplx::task<std::size_t> putn_nocopy(const std::uint8_t* bytes, std::size_t count) override;

  // Not used by a buffer that is only written to, in order.
  [[nodiscard]] bool can_seek() const override { return false; }
  [[nodiscard]] bool has_size() const override { return false; }
  [[nodiscard]] std::size_t buffer_size(std::ios_base::openmode /*mode*/) const override { return 0; }
  void set_buffer_size(std::size_t /*size*/, std::ios_base::openmode /*mode*/) override {}
  [[nodiscard]] std::size_t in_avail() const override { return 0; }
  [[nodiscard]] pos_type getpos(std::ios_base::openmode /*mode*/) const override { return traits::eof(); }
  pos_type seekpos(pos_type /*at*/, std::ios_base::openmode /*mode*/) override { return traits::eof(); }
  pos_type seekoff(off_type /*by*/, std::ios_base::seekdir /*way*/, std::ios_base::openmode /*mode*/) override {
    return traits::eof();
  }
  bool acquire(std::uint8_t*& /*bytes*/, std::size_t& /*count*/) override { return false; }
  void release(std::uint8_t* /*bytes*/, std::size_t /*count*/) override {}

 protected:
  pplx::task<int_type> _putc(std::uint8_t /*byte*/) override { return end(); }
  pplx::task<std::size_t> _putn(const std::uint8_t* bytes, std::size_t count) override;
  pplx::task<bool> _sync() override { return pplx::task_from_result(true); }
  std::uint8_t* _alloc(std::size_t /*count*/) override { return nullptr; }
  void _commit(std::size_t /*count*/) override {}
  pplx::task<int_type> _bumpc() override { return end(); }
  int_type _sbumpc() override { return traits::eof(); }
  pplx::task<int_type> _getc() override { return end(); }
  int_type _sgetc() override { return traits::eof(); }
  pplx::task<int_type> _nextc() override { return end(); }
  pplx::task<int_type> _ungetc() override { return end(); }
  pplx::task<std::size_t> _getn(std::uint8_t* /*bytes*/, std::size_t /*count*/) override {
    return pplx::task_from_result<std::size_t>(0);
  }
  std::size_t _scopy(std::uint8_t* /*bytes*/, std::size_t /*count*/) override { return 0; }

 private:
  static pplx::task<int_type> end() { return pplx::task_from_result<int_type>(traits::eof()); }

  std::shared_ptr<ResponseStream> stream_;
};

}  // namespace selvage::k8s_client
