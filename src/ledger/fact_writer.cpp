#include <algorithm>
#include <cstring>
#include <utility>

#include "base/digest.hpp"
#include "fact/encoding.hpp"
#include "ledger/fact_columns.hpp"
#include "ledger/fact_rows.hpp"

namespace skerry::ledger {
namespace {

constexpr std::size_t shared_body_bytes_min = 128;
constexpr std::size_t known_contents_max = 1U << 16;

enum Parameter {
  p_id = 1,
  p_participant,
  p_sequence,
  p_kind,
  p_concept,
  p_status,
  p_source_kind,
  p_source,
  p_site,
  p_side,
  p_part_of,
  p_supersedes,
  p_value_kind,
  p_value_number,
  p_value_code,
  p_value_body,
  p_value_content,
  p_when_kind,
  p_first_day,
  p_last_day,
  p_when_exact,
  p_qualifiers
};
}  // namespace

std::size_t FactWriter::HashOfHash::operator()(const std::array<std::uint8_t, 16>& hash) const noexcept {
  std::size_t out = 0;
  std::memcpy(&out, hash.data(), sizeof out);
  return out;
}

Result<FactWriter> FactWriter::prepare(Connection& connection, TermTable& terms) {
  FactWriter out;
  out.terms_ = &terms;
  const std::pair<Statement*, std::string_view> statements[] = {
      {&out.insert_,
       "INSERT INTO fact (id, participant, sequence, kind, concept, status, source_kind, source, site, side, part_of, supersedes, "
       "value_kind, value_number, value_code, value_body, value_content, when_kind, first_day, last_day, when_exact, qualifiers) "
       "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
      {&out.insert_term_, "INSERT INTO term (id, curie, label) VALUES (?,?,?)"},
      {&out.insert_content_, "INSERT INTO content (id, hash, body) VALUES (?,?,?)"}};
  for (const auto& [statement, sql] : statements) {
    auto prepared = Statement::prepare(connection, sql);
    if (!prepared) return fail(prepared.error());
    *statement = std::move(*prepared);
  }
  auto recent = Statement::prepare(connection, "SELECT id, hash FROM content ORDER BY id DESC LIMIT " + std::to_string(known_contents_max));
  if (!recent) return fail(recent.error());
  while (true) {
    const auto row = recent->step();
    if (!row) return fail(row.error());
    if (!*row) return out;
    std::array<std::uint8_t, 16> hash{};
    const auto bytes = recent->bytes(1);
    if (bytes.size() != hash.size()) continue;  // verification reports it
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    out.contents_ = std::max(out.contents_, recent->number(0));
    out.known_contents_.emplace(hash, recent->number(0));
  }
}

void FactWriter::forget_after(Mark mark) {
  terms_->forget_after(mark.terms);
  std::erase_if(known_contents_, [&](const auto& entry) { return entry.second > mark.contents; });
  contents_ = mark.contents;
}

Result<std::int64_t> FactWriter::term(const Code& code) {
  if (code.empty()) return 0;
  return terms_->intern(code, insert_term_);
}

Result<std::int64_t> FactWriter::content(std::string_view body) {
  const auto digest = digest_of(body);
  std::array<std::uint8_t, 16> hash{};
  std::copy_n(digest.bytes.begin(), hash.size(), hash.begin());
  if (const auto found = known_contents_.find(hash); found != known_contents_.end()) return found->second;
  const auto id = contents_ + 1;
  insert_content_.bind(1, id);
  insert_content_.bind_blob(2, std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
  insert_content_.bind_text(3, body);
  if (auto done = insert_content_.run(); !done) return fail(done.error());
  contents_ = id;
  if (known_contents_.size() >= known_contents_max) known_contents_.clear();
  known_contents_.emplace(hash, id);
  return id;
}

Result<void> FactWriter::bind_value(const Value& value) {
  for (const int p : {p_value_kind, p_value_number, p_value_code, p_value_body, p_value_content}) insert_.bind_null(p);
  if (value.index() == 0) return {};
  insert_.bind(p_value_kind, static_cast<std::int64_t>(value.index()));
  const auto bind_term = [&](const Code& code) -> Result<void> {
    const auto id = term(code);
    if (!id) return fail(id.error());
    insert_.bind_or_null(p_value_code, *id);
    return {};
  };
  const auto bind_exact = [&] {
    body_.clear();
    encode(value, body_);
    insert_.bind_blob(p_value_body, body_);
  };
  if (const auto* code = std::get_if<Code>(&value)) return bind_term(*code);
  if (const auto* quantity = std::get_if<Quantity>(&value)) {
    insert_.bind_real(p_value_number, quantity->number);
    if (quantity->reference) bind_exact();
    return bind_term(quantity->unit);
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    insert_.bind(p_value_number, *number);
  } else if (const auto* yes = std::get_if<bool>(&value)) {
    insert_.bind(p_value_number, *yes ? 1 : 0);
  } else if (const auto* text = std::get_if<Text>(&value)) {
    insert_.bind_text(p_value_body, text->text);
  } else if (const auto* record = std::get_if<Record>(&value); record != nullptr && record->json.size() < shared_body_bytes_min) {
    insert_.bind_text(p_value_body, record->json);
  } else if (record != nullptr) {
    const auto id = content(record->json);
    if (!id) return fail(id.error());
    insert_.bind(p_value_content, *id);
  } else {
    bind_exact();
  }
  return {};
}

void FactWriter::bind_when(const When& when) {
  for (const int p : {p_when_kind, p_first_day, p_last_day, p_when_exact}) insert_.bind_null(p);
  if (when == When{}) return;
  insert_.bind(p_when_kind, static_cast<std::int64_t>(when.kind));
  const auto [first, last] = bounds_of(when);
  if (first) insert_.bind(p_first_day, *first);
  if (last) insert_.bind(p_last_day, *last);
  when_.clear();
  encode(when, when_);
  insert_.bind_blob(p_when_exact, when_);
}

Result<void> FactWriter::write(const Fact& fact, std::int64_t sequence) {
  source_.id = fact.source.reference;
  const auto code = term(fact.code);
  if (!code) return fail(code.error());
  const auto source = term(source_);
  if (!source) return fail(source.error());
  const auto site = term(fact.where.site);
  if (!site) return fail(site.error());
  insert_.bind(p_id, fact.id.number);
  insert_.bind(p_participant, fact.participant.number);
  insert_.bind(p_sequence, sequence);
  insert_.bind(p_kind, static_cast<std::int64_t>(fact.kind));
  insert_.bind(p_concept, *code);
  insert_.bind(p_status, static_cast<std::int64_t>(fact.status));
  insert_.bind(p_source_kind, static_cast<std::int64_t>(fact.source.kind));
  insert_.bind_or_null(p_source, *source);
  insert_.bind_or_null(p_site, *site);
  insert_.bind_or_null(p_side, static_cast<std::int64_t>(fact.where.side));
  insert_.bind_or_null(p_part_of, fact.part_of.number);
  insert_.bind_or_null(p_supersedes, fact.supersedes.number);
  if (auto done = bind_value(fact.value); !done) return done;
  bind_when(fact.when);
  if (fact.qualifiers.empty()) {
    insert_.bind_null(p_qualifiers);
  } else {
    qualifiers_.clear();
    encode(fact.qualifiers, qualifiers_);
    insert_.bind_blob(p_qualifiers, qualifiers_);
  }
  return insert_.run();
}

}  // namespace skerry::ledger
