#include "web/workbench_pass.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include "base/durable_file.hpp"
#include "pack/json_document.hpp"

namespace skerry::web {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t key_bytes = crypto_generichash_KEYBYTES;

std::string base64(std::string_view bytes) {
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), variant), '\0');
  std::vector<unsigned char> raw(bytes.begin(), bytes.end());
  sodium_bin2base64(out.data(), out.size(), raw.data(), raw.size(), variant);
  out.pop_back();
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::vector<unsigned char> raw(text.size());
  std::size_t length = 0;
  const int bad = sodium_base642bin(raw.data(), raw.size(), text.data(), text.size(), nullptr, &length, nullptr,
                                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  if (bad != 0) return std::nullopt;
  return std::string(raw.begin(), raw.begin() + static_cast<std::ptrdiff_t>(length));
}

/// A code of `text` for one use under the key (BLAKE2b, keyed).
std::string code_of(const std::string& key, std::string_view use, std::string_view text) {
  const std::string message = std::string(use) + '\0' + std::string(text);
  const std::vector<unsigned char> bytes(message.begin(), message.end());
  const std::vector<unsigned char> secret(key.begin(), key.end());
  std::array<unsigned char, 32> out{};
  crypto_generichash(out.data(), out.size(), bytes.data(), bytes.size(), secret.data(), secret.size());
  return base64(std::string(out.begin(), out.end()));
}

bool equal(std::string_view a, std::string_view b) { return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0; }

bool valid_name(std::string_view name) {
  return !name.empty() && name.size() <= 60 && name.front() != ' ' && name.back() != ' ' && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(" .-_@").find(c) != std::string_view::npos;
  });
}

}  // namespace

Result<WorkbenchKey> WorkbenchKey::read(const fs::path& directory, bool make) {
  if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium does not start");
  const auto file = directory / "keys" / "workbench.key";
  std::error_code code;
  if (!fs::exists(file, code)) {
    if (!make) return fail(ErrorCode::not_found, "the registry has no workbench key yet: skerry workbench link makes one");
    std::array<char, key_bytes> fresh{};
    randombytes_buf(fresh.data(), fresh.size());
    const auto stored = write_durable_file(file, base64({fresh.data(), fresh.size()}) + "\n", Existing::refuse);
    if (!stored && stored.error().code != ErrorCode::already_exists) return fail(stored.error());
  }
  auto text = pack::read_text_file(file.string(), 256);
  if (!text) return fail(text.error());
  while (!text->empty() && text->back() == '\n') text->pop_back();
  auto key = from_base64(*text);
  if (!key || key->size() != key_bytes) {
    return fail(ErrorCode::malformed, "the workbench key is damaged; delete the file to make a new one", Place{file.string(), 0, 0, {}});
  }
  return WorkbenchKey(std::move(*key));
}

Result<std::string> WorkbenchKey::seal(const WorkbenchPass& pass) const {
  if (pass.role != consent::Role::steward && pass.role != consent::Role::researcher) {
    return fail(ErrorCode::out_of_range, "a pass is for a steward or a researcher");
  }
  if (!valid_name(pass.name)) {
    return fail(ErrorCode::out_of_range, "a name has 1 to 60 letters, digits, spaces and .-_@", Place{{}, 0, 0, "name"});
  }
  const auto body = base64(std::string(consent::name_of(pass.role)) + "|" + std::to_string(pass.until_day) + "|" + pass.name);
  return body + "." + code_of(key_, "pass", body);
}

std::optional<WorkbenchPass> WorkbenchKey::check(std::string_view token, Instant now) const {
  constexpr std::size_t token_bytes_max = 400;
  const auto dot = token.find('.');
  if (token.size() > token_bytes_max || dot == std::string_view::npos) return std::nullopt;
  if (!equal(token.substr(dot + 1), code_of(key_, "pass", token.substr(0, dot)))) return std::nullopt;
  const auto body = from_base64(token.substr(0, dot));
  if (!body) return std::nullopt;
  const auto first = body->find('|');
  const auto second = body->find('|', first + 1);
  if (first == std::string::npos || second == std::string::npos) return std::nullopt;
  WorkbenchPass pass;
  pass.role = body->substr(0, first) == "steward" ? consent::Role::steward : consent::Role::researcher;
  const auto [end, error] = std::from_chars(body->data() + first + 1, body->data() + second, pass.until_day);
  if (error != std::errc{} || end != body->data() + second || pass.until_day < day_of(now)) return std::nullopt;
  pass.name = body->substr(second + 1);
  return pass;
}

std::string WorkbenchKey::form_token(std::string_view token) const { return code_of(key_, "form", token); }

bool WorkbenchKey::form_token_holds(std::string_view token, std::string_view given) const { return equal(form_token(token), given); }

std::string_view pass_in_cookies(std::string_view cookies) {
  while (!cookies.empty()) {
    const auto end = cookies.find(';');
    auto one = cookies.substr(0, end);
    cookies = end == std::string_view::npos ? std::string_view{} : cookies.substr(end + 1);
    while (one.starts_with(' ')) one.remove_prefix(1);
    const auto equals = one.find('=');
    if (equals != std::string_view::npos && one.substr(0, equals) == workbench_cookie) return one.substr(equals + 1);
  }
  return {};
}

}  // namespace skerry::web
