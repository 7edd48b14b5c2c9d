#include "answers/signature.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "answers/answer_text.hpp"
#include "answers/canonical_text.hpp"
#include "answers/record_file.hpp"
#include "base/durable_file.hpp"

namespace skerry::answers {
namespace {

constexpr std::string_view signature_format = "skerry answer signature 1";

bool is_day(PartialDate date) { return date.valid() && date.month != 0 && date.day != 0; }

/// Ids become a file's name, so they may hold nothing that leads elsewhere.
Result<std::filesystem::path> file_of(const std::filesystem::path& directory, std::string_view question, std::string_view language) {
  const auto plain = [](std::string_view text) {
    return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
  };
  if (!plain(question) || !plain(language)) {
    return fail(ErrorCode::malformed, "a question and a language have only letters, digits and \"-\" in their names");
  }
  return directory / "signatures" / (std::string(question) + "." + std::string(language) + ".json");
}

Result<Signature> parse_signature(const pack::Node& root, const std::string& file) {
  RecordReader reader(
      root, file,
      {"format", "pack", "question", "language", "text", "key_id", "name", "role", "demonstration", "reviewed_on", "signature"});
  if (reader.text("format") != signature_format) reader.wrong("format", ErrorCode::unknown_value, "this is not an answer's signature");
  Signature out;
  out.pack = reader.text("pack");
  out.question = reader.text("question");
  out.language = reader.text("language");
  reader.bytes("text", out.text.bytes);
  out.key_id = reader.text("key_id");
  out.name = reader.text("name");
  out.role = reader.text("role");
  out.demonstration = reader.flag("demonstration");
  const auto day = parse_partial_date(reader.text("reviewed_on"));
  if (!day || !is_day(*day)) {
    reader.wrong("reviewed_on", ErrorCode::malformed, "expected a day such as 2026-11-22");
  } else {
    out.reviewed_on = *day;
  }
  reader.bytes("signature", out.bytes);
  if (auto good = reader.finish(); !good) return fail(good.error());
  return out;
}

bool holds(const Signature& signature, const PublicKey& key) {
  const auto message = signed_message(signature);
  return crypto_sign_verify_detached(signature.bytes.data(), reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                                     key.data()) == 0;
}

ReviewStatus without_name(Review review, std::string reason) {
  ReviewStatus out;
  out.review = review;
  out.reason = std::move(reason);
  return out;
}

/// The signature is the named reviewer's: what is left to ask is whether it is for this text, and whether it is old.
ReviewStatus status_of_text(const Signature& signature, bool demonstration, const Digest& text, int review_months, PartialDate today) {
  ReviewStatus out{Review::reviewed, signature.name, signature.role, signature.key_id, demonstration, signature.reviewed_on, {}, {}};
  if (review_months > 0) out.due_on = add_months(signature.reviewed_on, review_months);
  if (signature.text != text) {
    out.review = Review::changed_since_review;
    out.reason = "the text, its sources or its date are not those that were signed";
  } else if (out.due_on && today >= *out.due_on) {
    out.review = Review::review_due;
    out.reason = "the next review was due on " + to_text(*out.due_on);
  }
  return out;
}

}  // namespace

Result<Signature> sign(const pack::Pack& pack, const pack::Question& question, std::string_view language, const ReviewerKey& key,
                       PartialDate on) {
  if (!is_day(on)) return fail(ErrorCode::out_of_range, "the date of a review is a day");
  if (auto file = file_of({}, question.id, language); !file) return fail(file.error());
  const auto text = canonical_text(pack, question, language);
  if (!text) return fail(text.error());
  if (const auto shown = render_question(pack, question, language); !shown) return fail(shown.error());
  const auto& reviewer = key.reviewer();
  Signature out{
      pack.id, question.id, std::string(language), digest_of(*text), reviewer.key_id, reviewer.name, reviewer.role, reviewer.demonstration,
      on,      {}};
  out.bytes = key.sign(signed_message(out));
  return out;
}

Result<void> store_signature(const std::filesystem::path& directory, const Signature& signature) {
  const auto file = file_of(directory, signature.question, signature.language);
  if (!file) return fail(file.error());
  std::error_code error;
  std::filesystem::create_directories(file->parent_path(), error);
  if (error) {
    const auto code = error == std::errc::no_space_on_device ? ErrorCode::storage_full : ErrorCode::storage_read_only;
    return fail(code, "the folder cannot be made: " + error.message(), Place{file->parent_path().string(), 0, 0, {}});
  }
  // One member a line, so that an error in a file edited by hand has a line to name.
  std::string text = "{\n\"format\": " + boost::json::serialize(signature_format);
  const auto add = [&text](std::string_view key, const boost::json::value& value) {
    text += ",\n\"" + std::string(key) + "\": " + boost::json::serialize(value);
  };
  add("pack", boost::json::string(signature.pack));
  add("question", boost::json::string(signature.question));
  add("language", boost::json::string(signature.language));
  add("text", boost::json::string(to_hex(signature.text)));
  add("key_id", boost::json::string(signature.key_id));
  add("name", boost::json::string(signature.name));
  add("role", boost::json::string(signature.role));
  add("demonstration", signature.demonstration);
  add("reviewed_on", boost::json::string(to_text(signature.reviewed_on)));
  add("signature", boost::json::string(hex(signature.bytes)));
  return write_durable_file(*file, text + "\n}\n", Existing::replace);
}

Result<std::optional<Signature>> read_signature(const std::filesystem::path& directory, std::string_view question,
                                                std::string_view language) {
  const auto file = file_of(directory, question, language);
  if (!file) return fail(file.error());
  std::error_code error;
  if (std::filesystem::symlink_status(*file, error).type() == std::filesystem::file_type::not_found) return std::optional<Signature>();
  const auto root = read_record_file(*file);
  if (!root) return fail(root.error());
  auto signature = parse_signature(*root, file->string());
  if (!signature) return fail(signature.error());
  return std::optional(std::move(*signature));
}

std::string_view name_of(Review review) noexcept {
  switch (review) {
    case Review::not_reviewed: return "not_reviewed";
    case Review::reviewed: return "reviewed";
    case Review::review_due: return "review_due";
    case Review::changed_since_review: return "changed_since_review";
    case Review::unknown_reviewer: return "unknown_reviewer";
    case Review::invalid_signature: return "invalid_signature";
  }
  return "not_reviewed";
}

Result<ReviewStatus> status(const std::filesystem::path& directory, const pack::Pack& pack, const pack::Question& question,
                            std::string_view language, PartialDate today) {
  const auto found = read_signature(directory, question.id, language);
  if (!found) return fail(found.error());
  if (!*found) return without_name(Review::not_reviewed, "no reviewer has signed this answer");
  const auto& signature = **found;
  const auto text = canonical_text(pack, question, language);
  if (!text) return fail(text.error());
  const auto reviewers = read_reviewers(directory);
  if (!reviewers) return fail(reviewers.error());

  if (signature.pack != pack.id || signature.question != question.id || signature.language != language) {
    return without_name(Review::invalid_signature, "the signature is filed here but is for another answer");
  }
  const auto reviewer =
      std::find_if(reviewers->begin(), reviewers->end(), [&](const auto& known) { return known.key_id == signature.key_id; });
  if (reviewer == reviewers->end()) {
    return without_name(Review::unknown_reviewer, "this registry does not know the key " + signature.key_id);
  }
  if (!holds(signature, reviewer->public_key)) {
    return without_name(Review::invalid_signature, "the signature is not this key's over what the file says");
  }
  if (signature.name != reviewer->name || signature.role != reviewer->role) {
    return without_name(Review::invalid_signature, "the key signed under another name or role than the registry knows");
  }
  // Clocks of two machines may be a day apart around midnight.
  if (signature.reviewed_on > date_of_day(days_of(today).first + 1)) {
    return without_name(Review::invalid_signature, "the review is dated " + to_text(signature.reviewed_on) + ", in the future");
  }
  return status_of_text(signature, signature.demonstration || reviewer->demonstration, digest_of(*text), question.review_months, today);
}

PartialDate add_months(PartialDate day, int months) {
  const int total = day.year * 12 + (day.month - 1) + months;
  PartialDate out{static_cast<std::int16_t>(std::clamp(total / 12, 1, 9999)), static_cast<std::uint8_t>(total % 12 + 1), 0};
  const auto last = date_of_day(days_of(out).last).day;
  out.day = std::min(day.day, last);
  return out;
}

PartialDate today() { return date_of_day(day_of(Instant::now())); }

}  // namespace skerry::answers
