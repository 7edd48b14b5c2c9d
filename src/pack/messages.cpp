#include "pack/messages.hpp"

#include <unicode/locid.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>
#include <unicode/unistr.h>

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "pack/pack.hpp"

namespace skerry::pack {

namespace {

constexpr std::size_t kept_max = 2000;  // patterns a thread keeps ready

icu::UnicodeString from_utf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

Result<icu::Locale> locale_of(std::string_view language) {
  UErrorCode status = U_ZERO_ERROR;
  auto locale = icu::Locale::forLanguageTag(icu::StringPiece(language.data(), static_cast<std::int32_t>(language.size())), status);
  if (U_FAILURE(status) || locale.isBogus() || *locale.getLanguage() == '\0') {
    return fail(ErrorCode::unknown_value, "'" + std::string(language) + "' is no language tag");
  }
  return locale;
}

struct Message {
  std::unique_ptr<icu::MessageFormat> format;
  std::set<std::string> arguments;
};

Result<Message> compile(std::string_view pattern, std::string_view language) {
  const auto locale = locale_of(language);
  if (!locale) return fail(locale.error());
  UErrorCode status = U_ZERO_ERROR;
  UParseError where{};
  const icu::UnicodeString text = from_utf8(pattern);
  icu::MessagePattern parsed(status);
  parsed.parse(text, &where, status);
  Message out;
  if (U_SUCCESS(status)) out.format = std::make_unique<icu::MessageFormat>(text, *locale, where, status);
  if (U_FAILURE(status)) {
    return fail(ErrorCode::malformed, std::string("the message pattern is wrong near character ") + std::to_string(where.offset + 1) +
                                          " (" + u_errorName(status) + ")");
  }
  for (std::int32_t i = 0; i < parsed.countParts(); ++i) {
    const auto& part = parsed.getPart(i);
    if (part.getType() != UMSGPAT_PART_TYPE_ARG_NAME && part.getType() != UMSGPAT_PART_TYPE_ARG_NUMBER) continue;
    std::string name;
    parsed.getSubstring(part).toUTF8String(name);
    out.arguments.insert(std::move(name));
  }
  return out;
}

/// A MessageFormat must not be used by two threads at once, and making one costs more than using it: each thread keeps its own.
Result<const Message*> ready(std::string_view pattern, std::string_view language) {
  thread_local std::map<std::pair<std::string, std::string>, Message> kept;
  std::pair<std::string, std::string> key{language, pattern};
  if (const auto found = kept.find(key); found != kept.end()) return &found->second;
  auto made = compile(pattern, language);
  if (!made) return fail(std::move(made.error()));
  if (kept.size() >= kept_max) kept.clear();
  return &kept.emplace(std::move(key), std::move(*made)).first->second;
}

icu::Formattable formattable(const std::variant<std::int64_t, double, std::string>& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return icu::Formattable(*whole);
  if (const auto* real = std::get_if<double>(&value)) return icu::Formattable(*real);
  return icu::Formattable(from_utf8(std::get<std::string>(value)));
}

}  // namespace

bool known_language(std::string_view tag) {
  const auto locale = locale_of(tag);
  if (!locale) return false;
  std::int32_t count = 0;
  const icu::Locale* available = icu::Locale::getAvailableLocales(count);
  for (std::int32_t i = 0; i < count; ++i) {
    if (std::string_view(available[i].getLanguage()) == locale->getLanguage()) return true;
  }
  return false;
}

Result<std::set<std::string>> arguments_of(std::string_view pattern, std::string_view language) {
  auto message = compile(pattern, language);
  if (!message) return fail(std::move(message.error()));
  return std::move(message->arguments);
}

Result<std::string> format_message(std::string_view pattern, std::string_view language, const Arguments& arguments) {
  const auto message = ready(pattern, language);
  if (!message) return fail(message.error());
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const auto& name : (*message)->arguments) {
    const auto value = arguments.find(name);
    if (value == arguments.end()) return fail(ErrorCode::missing_field, "the message needs a value for {" + name + "}");
    names.push_back(from_utf8(name));
    values.push_back(formattable(value->second));
  }
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString text;
  (*message)->format->format(names.data(), values.data(), static_cast<std::int32_t>(names.size()), text, status);
  if (U_FAILURE(status)) {
    return fail(ErrorCode::malformed, std::string("the message pattern does not take these values (") + u_errorName(status) + ")");
  }
  std::string out;
  text.toUTF8String(out);
  return out;
}

}  // namespace skerry::pack
