#include "ledger/fact_rows.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "base/digest.hpp"
#include "fact/encoding.hpp"

namespace skerry::ledger {
namespace {

constexpr std::size_t shared_body_bytes_min = 128;
constexpr std::size_t known_contents_max = 1U << 16;

// The variant's index is stored as value_kind: its order is fixed by this list.
template <std::size_t I, class T>
constexpr bool stands_at = std::is_same_v<std::variant_alternative_t<I, Value>, T>;
static_assert(stands_at<1, Code> && stands_at<2, Quantity> && stands_at<3, std::int64_t> && stands_at<4, bool> && stands_at<5, Text> &&
              stands_at<6, When> && stands_at<7, Variant> && stands_at<8, Record>);

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
enum Column {
  c_id,
  c_participant,
  c_sequence,
  c_kind,
  c_concept,
  c_status,
  c_source_kind,
  c_source,
  c_site,
  c_side,
  c_part_of,
  c_supersedes,
  c_value_kind,
  c_value_number,
  c_value_code,
  c_value_body,
  c_value_content,
  c_when_exact,
  c_qualifiers
};

std::optional<DayRange> days_in(const Moment& moment) {
  if (const auto* date = std::get_if<PartialDate>(&moment); date != nullptr && date->valid()) return days_of(*date);
  if (const auto* instant = std::get_if<Instant>(&moment)) return DayRange{day_of(*instant), day_of(*instant)};
  return std::nullopt;
}

/// The days the time may lie on, as far as calendar dates bound it.
std::pair<std::optional<std::int32_t>, std::optional<std::int32_t>> bounds_of(const When& when) {
  const auto first = days_in(when.first);
  switch (when.kind) {
    case WhenKind::unknown: return {};
    case WhenKind::at:
      if (!first) return {};
      return {first->first, first->last};
    case WhenKind::before:
      if (!first) return {};
      return {std::nullopt, first->first};
    case WhenKind::after:
      if (!first) return {};
      return {first->last, std::nullopt};
    case WhenKind::between: {
      const auto last = days_in(when.last);
      return {first ? std::optional(first->first) : std::nullopt, last ? std::optional(last->last) : std::nullopt};
    }
  }
  return {};
}

Error corrupt(std::int64_t id, std::string_view what) {
  return {ErrorCode::storage_failed, "row " + std::to_string(id) + " of table fact: " + std::string(what),
          Place{"ledger.sqlite", 0, 0, "/fact/" + std::to_string(id)}};
}

template <class Enum>
bool read_enum(const Statement& row, int column, Enum first, Enum last, Enum& out) {
  const auto number = row.number(column);
  if (number < static_cast<std::int64_t>(first) || number > static_cast<std::int64_t>(last)) return false;
  out = static_cast<Enum>(number);
  return true;
}

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

Result<FactReader> FactReader::prepare(Connection& connection, const TermTable* terms) {
  FactReader out;
  out.terms_ = terms;
  const std::pair<Statement*, std::string_view> statements[] = {
      {&out.term_, "SELECT curie, label FROM term WHERE id = ?"},
      {&out.content_, "SELECT body FROM content WHERE id = ?"},
      {&out.write_, "SELECT at_seconds, at_nanoseconds FROM audit WHERE sequence = ?"}};
  for (const auto& [statement, sql] : statements) {
    auto prepared = Statement::prepare(connection, sql);
    if (!prepared) return fail(prepared.error());
    *statement = std::move(*prepared);
  }
  return out;
}

Result<void> FactReader::term(std::int64_t id, Code& out) {
  if (id == 0) {
    out.id.clear();
    out.label.clear();
    return {};
  }
  if (const auto* code = terms_ == nullptr ? nullptr : terms_->find(id)) {
    out = *code;
    return {};
  }
  term_.bind(1, id);
  const auto row = term_.step();
  if (!row) return fail(row.error());
  if (!*row) {
    term_.reset();
    return fail(ErrorCode::storage_failed, "row " + std::to_string(id) + " of table term is missing");
  }
  out.id = term_.bytes(0);
  out.label = term_.bytes(1);
  term_.reset();
  return {};
}

Result<void> FactReader::content(std::int64_t id) {
  if (id == last_content_) return {};
  last_content_ = 0;
  content_.bind(1, id);
  const auto row = content_.step();
  if (!row) return fail(row.error());
  if (*row) last_body_ = content_.bytes(0);
  content_.reset();
  if (!*row) return fail(ErrorCode::storage_failed, "row " + std::to_string(id) + " of table content is missing");
  last_content_ = id;
  return {};
}

Result<void> FactReader::recorded_at(std::int64_t sequence, Instant& out) {
  if (sequence != last_sequence_) {
    write_.bind(1, sequence);
    const auto row = write_.step();
    if (!row) return fail(row.error());
    if (*row) last_at_ = {write_.number(0), static_cast<std::int32_t>(write_.number(1))};
    write_.reset();
    if (!*row) return fail(ErrorCode::storage_failed, "the audit of write " + std::to_string(sequence) + " is missing");
    last_sequence_ = sequence;
  }
  out = last_at_;
  return {};
}

Result<void> FactReader::read_value(const Statement& row, Value& out) {
  const auto kind = row.number(c_value_kind);
  const auto exact = [&](const Value& value) { return static_cast<std::int64_t>(value.index()) == kind; };
  switch (kind) {
    case 0: out = std::monostate{}; return {};
    case 1: {
      Code code;
      auto found = term(row.number(c_value_code), code);
      out = std::move(code);
      return found;
    }
    case 2:
      if (row.null(c_value_body)) {
        Quantity quantity;
        quantity.number = row.real(c_value_number);
        auto found = term(row.number(c_value_code), quantity.unit);
        out = std::move(quantity);
        return found;
      }
      break;
    case 3: out = row.number(c_value_number); return {};
    case 4: out = row.number(c_value_number) != 0; return {};
    case 5: out = Text{std::string(row.bytes(c_value_body))}; return {};
    case 8:
      if (row.null(c_value_content)) {
        out = Record{std::string(row.bytes(c_value_body))};
        return {};
      }
      if (auto found = content(row.number(c_value_content)); !found) return found;
      out = Record{last_body_};
      return {};
    default: break;
  }
  auto value = decode_value(row.bytes(c_value_body));
  if (!value || !exact(*value)) return fail(corrupt(row.number(c_id), "value_body is not a value of its kind"));
  out = std::move(*value);
  return {};
}

Result<void> FactReader::read(const Statement& row, Fact& out) {
  out.id.number = row.number(c_id);
  out.participant.number = row.number(c_participant);
  out.part_of.number = row.number(c_part_of);
  out.supersedes.number = row.number(c_supersedes);
  if (!read_enum(row, c_kind, Kind::person, Kind::interpretation, out.kind) ||
      !read_enum(row, c_status, Status::present, Status::retracted, out.status) ||
      !read_enum(row, c_source_kind, SourceKind::participant, SourceKind::publication, out.source.kind) ||
      !read_enum(row, c_side, Side::unknown, Side::midline, out.where.side)) {
    return fail(corrupt(out.id.number, "an enumeration is unknown"));
  }
  if (auto done = recorded_at(row.number(c_sequence), out.recorded_at); !done) return done;
  if (auto done = term(row.number(c_concept), out.code); !done) return done;
  if (auto done = term(row.number(c_source), source_); !done) return done;
  out.source.reference = source_.id;
  if (auto done = term(row.number(c_site), out.where.site); !done) return done;
  if (auto done = read_value(row, out.value); !done) return done;
  if (row.null(c_when_exact)) {
    out.when = {};
  } else {
    auto when = decode_when(row.bytes(c_when_exact));
    if (!when) return fail(corrupt(out.id.number, "when_exact is no time"));
    out.when = std::move(*when);
  }
  out.qualifiers.clear();
  if (!row.null(c_qualifiers)) {
    auto qualifiers = decode_qualifiers(row.bytes(c_qualifiers));
    if (!qualifiers) return fail(corrupt(out.id.number, "qualifiers are no list of qualifiers"));
    out.qualifiers = std::move(*qualifiers);
  }
  return {};
}

}  // namespace skerry::ledger
