#include "k8s_client/http/tls_files.h"

#include <utility>

#include "k8s_client/config/kubeconfig_file.h"

namespace selvage::k8s_client {
namespace {

Result<void> read_into(const std::string& file, std::string& text) {
  if (file.empty()) return {};
  auto content = read_config_file(file);
  if (!content) return tl::unexpected(content.error());
  text = std::move(*content);
  return {};
}

}  // namespace

TlsFiles::TlsFiles(const ApiConfig& config)
    : ca_file_(config.ca_file),
      certificate_file_(config.client_certificate_file),
      key_file_(config.client_key_file),
      pem_{config.ca, config.client_certificate, config.client_key} {}

Result<std::unique_ptr<TlsFiles>> TlsFiles::open(const ApiConfig& config) {
  std::unique_ptr<TlsFiles> files(new TlsFiles(config));
  const MutexLock lock(files->mutex_);
  const auto read = files->refresh();
  if (!read) return tl::unexpected(read.error());
  return files;
}

Result<TlsPem> TlsFiles::read_files() const {
  TlsPem pem = pem_;
  for (const auto& [file, text] :
       {std::pair{&ca_file_, &pem.ca}, std::pair{&certificate_file_, &pem.client_certificate},
        std::pair{&key_file_, &pem.client_key}}) {
    const auto read = read_into(*file, *text);
    if (!read) return tl::unexpected(read.error());
    if (!file->empty() && text->empty()) return fail(*file + ": empty");
  }
  return pem;
}

Result<void> TlsFiles::refresh() {
  auto pem = read_files();
  if (!pem) return tl::unexpected(pem.error());
  if (credentials_ && *pem == pem_) return {};
  auto credentials = parse_tls_credentials(*pem);
  if (!credentials) return tl::unexpected(credentials.error());
  credentials_ = std::make_shared<const TlsCredentials>(std::move(*credentials));
  pem_ = std::move(*pem);
  return {};
}

std::shared_ptr<const TlsCredentials> TlsFiles::current() {
  const MutexLock lock(mutex_);
  const auto refreshed = refresh();
  last_error_ = refreshed ? "" : refreshed.error().message;
  return credentials_;
}

std::string TlsFiles::last_error() const {
  const MutexLock lock(mutex_);
  return last_error_;
}

}  // namespace selvage::k8s_client
