#include "answers/canonical_text.hpp"

namespace skerry::answers {
namespace {

Result<std::string_view> text_of(const pack::Texts& texts, std::string_view field, const pack::Question& question,
                                 std::string_view language) {
  const auto found = texts.find(language);
  if (found == texts.end() || found->second.empty()) {
    return fail(ErrorCode::missing_field, "the question \"" + question.id + "\" has no such text in \"" + std::string(language) + "\"",
                Place{{}, 0, 0, std::string(field)});
  }
  return std::string_view(found->second);
}

}  // namespace

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ' ';
  out += std::to_string(value.size());
  out += '\n';
  out += value;
  out += '\n';
}

Result<std::string> canonical_text(const pack::Pack& pack, const pack::Question& question, std::string_view language) {
  const auto title = text_of(question.title, "title", question, language);
  if (!title) return fail(title.error());
  const auto short_answer = text_of(question.short_answer, "short_answer", question, language);
  if (!short_answer) return fail(short_answer.error());
  const auto answer = text_of(question.answer, "answer", question, language);
  if (!answer) return fail(answer.error());

  std::string out = "skerry answer text 1\n";
  append_field(out, "pack", pack.id);
  append_field(out, "question", question.id);
  append_field(out, "language", language);
  append_field(out, "title", *title);
  append_field(out, "short answer", *short_answer);
  append_field(out, "answer", *answer);
  append_field(out, "updated", to_text(question.updated));
  append_field(out, "review months", std::to_string(question.review_months));
  append_field(out, "sources", std::to_string(question.sources.size()));
  for (const auto& id : question.sources) {
    const auto* source = pack.source(id);
    if (source == nullptr) return fail(ErrorCode::unknown_value, "the pack has no source \"" + id + "\"", Place{{}, 0, 0, "sources"});
    append_field(out, "source", source->id);
    append_field(out, "citation", source->citation);
    append_field(out, "address", source->url);
    append_field(out, "read", source->read ? "yes" : "no");
  }
  return out;
}

std::string signed_message(const Signature& signature) {
  std::string out = "skerry medical review 1\n";
  append_field(out, "pack", signature.pack);
  append_field(out, "question", signature.question);
  append_field(out, "language", signature.language);
  append_field(out, "text", to_hex(signature.text));
  append_field(out, "key", signature.key_id);
  append_field(out, "name", signature.name);
  append_field(out, "role", signature.role);
  append_field(out, "demonstration", signature.demonstration ? "yes" : "no");
  append_field(out, "reviewed on", to_text(signature.reviewed_on));
  return out;
}

}  // namespace skerry::answers
