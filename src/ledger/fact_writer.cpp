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

/// Places in a row of the statement, from 0.
enum Parameter : std::size_t {
  p_id,
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
  p_qualifiers,
  p_count
};

constexpr std::string_view columns =
    "id, participant, sequence, kind, concept, status, source_kind, source, site, side, part_of, supersedes, value_kind, value_number, "
    "value_code, value_body, value_content, when_kind, first_day, last_day, when_exact, qualifiers";

/// On a failure the whole transaction is rolled back: the statement need not keep what would undo itself alone.
std::string insert_sql(std::size_t rows) {
  std::string row = "(?";
  for (std::size_t i = 1; i < p_count; ++i) row += ",?";
  row += ")";
  std::string out = "INSERT OR FAIL INTO fact (" + std::string(columns) + ") VALUES " + row;
  for (std::size_t i = 1; i < rows; ++i) out += "," + row;
  return out;
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
  static_assert(p_count == parameters);
  const std::pair<Statement*, std::string> statements[] = {{&out.one_.statement, insert_sql(1)},
                                                           {&out.many_.statement, insert_sql(rows_a_statement)},
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
  waiting_ = 0;
  source_ = {};
  source_id_ = 0;
  terms_->forget_after(mark.terms);
  std::erase_if(known_contents_, [&](const auto& entry) { return entry.second > mark.contents; });
  contents_ = mark.contents;
}

Result<std::int64_t> FactWriter::term(const Code& code) {
  if (code.empty()) return 0;
  return terms_->intern(code, insert_term_);
}

Result<std::int64_t> FactWriter::source(const std::string& reference) {
  if (reference == source_.id) return source_id_;
  source_.id = reference;
  const auto id = term(source_);
  if (!id) {
    source_ = {};
    source_id_ = 0;
    return id;
  }
  source_id_ = *id;
  return id;
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

Result<void> FactWriter::set_value(Row& row, const Value& value) {
  auto& cells = row.cells;
  if (value.index() == 0) return {};
  cells[p_value_kind] = static_cast<std::int64_t>(value.index());
  const auto set_term = [&](const Code& code) -> Result<void> {
    const auto id = term(code);
    if (!id) return fail(id.error());
    if (*id != 0) cells[p_value_code] = *id;
    return {};
  };
  const auto set_exact = [&] {
    row.body.clear();
    encode(value, row.body);
    cells[p_value_body] = BlobCell{row.body};
  };
  if (const auto* code = std::get_if<Code>(&value)) return set_term(*code);
  if (const auto* quantity = std::get_if<Quantity>(&value)) {
    cells[p_value_number] = quantity->number;
    if (quantity->reference) set_exact();
    return set_term(quantity->unit);
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    cells[p_value_number] = *number;
  } else if (const auto* yes = std::get_if<bool>(&value)) {
    cells[p_value_number] = std::int64_t{*yes ? 1 : 0};
  } else if (const auto* text = std::get_if<Text>(&value)) {
    cells[p_value_body] = TextCell{text->text};
  } else if (const auto* record = std::get_if<Record>(&value); record != nullptr && record->json.size() < shared_body_bytes_min) {
    cells[p_value_body] = TextCell{record->json};
  } else if (record != nullptr) {
    const auto id = content(record->json);
    if (!id) return fail(id.error());
    cells[p_value_content] = *id;
  } else {
    set_exact();
  }
  return {};
}

void FactWriter::set_when(Row& row, const When& when) {
  if (when == When{}) return;
  auto& cells = row.cells;
  cells[p_when_kind] = static_cast<std::int64_t>(when.kind);
  const auto [first, last] = bounds_of(when);
  if (first) cells[p_first_day] = std::int64_t{*first};
  if (last) cells[p_last_day] = std::int64_t{*last};
  row.when.clear();
  encode(when, row.when);
  cells[p_when_exact] = BlobCell{row.when};
}

void FactWriter::bind(Insert& insert, std::size_t at, const Row& row) {
  std::uint32_t told = 0;
  for (std::size_t i = 0; i < parameters; ++i) {
    const auto& cell = row.cells[i];
    const auto parameter = static_cast<int>(at * parameters + i + 1);
    if (cell.index() != 0) told |= 1U << i;
    if (const auto* number = std::get_if<std::int64_t>(&cell)) {
      insert.statement.bind(parameter, *number);
    } else if (const auto* real = std::get_if<double>(&cell)) {
      insert.statement.bind_real(parameter, *real);
    } else if (const auto* text = std::get_if<TextCell>(&cell)) {
      insert.statement.bind_text(parameter, text->bytes);
    } else if (const auto* blob = std::get_if<BlobCell>(&cell)) {
      insert.statement.bind_blob(parameter, blob->bytes);
    } else if ((insert.told[at] >> i & 1U) != 0) {
      insert.statement.bind_null(parameter);
    }
  }
  insert.told[at] = told;
}

Result<void> FactWriter::flush() {
  const auto rows = std::exchange(waiting_, 0);
  if (rows == rows_a_statement) {
    for (std::size_t i = 0; i < rows; ++i) bind(many_, i, rows_[i]);
    return many_.statement.run();
  }
  for (std::size_t i = 0; i < rows; ++i) {
    bind(one_, 0, rows_[i]);
    if (auto done = one_.statement.run(); !done) return done;
  }
  return {};
}

Result<void> FactWriter::write(const Fact& fact, const Entered& entered, std::int64_t sequence) {
  const bool supersedes = entered.supersedes.set();
  if (supersedes) {
    if (auto done = flush(); !done) return done;
  }
  auto& row = rows_[waiting_];
  auto& cells = row.cells;
  cells.fill({});
  const auto set = [&](Parameter at, std::int64_t number) {
    if (number != 0) cells[at] = number;
  };
  const auto code = term(fact.code);
  if (!code) return fail(code.error());
  const auto from = source(fact.source.reference);
  if (!from) return fail(from.error());
  const auto site = term(fact.where.site);
  if (!site) return fail(site.error());
  cells[p_id] = entered.id.number;
  cells[p_participant] = entered.participant.number;
  cells[p_sequence] = sequence;
  cells[p_kind] = static_cast<std::int64_t>(fact.kind);
  cells[p_concept] = *code;
  cells[p_status] = static_cast<std::int64_t>(fact.status);
  cells[p_source_kind] = static_cast<std::int64_t>(fact.source.kind);
  set(p_source, *from);
  set(p_site, *site);
  set(p_side, static_cast<std::int64_t>(fact.where.side));
  set(p_part_of, entered.part_of.number);
  set(p_supersedes, entered.supersedes.number);
  if (auto done = set_value(row, fact.value); !done) return done;
  set_when(row, fact.when);
  if (!fact.qualifiers.empty()) {
    row.qualifiers.clear();
    encode(fact.qualifiers, row.qualifiers);
    cells[p_qualifiers] = BlobCell{row.qualifiers};
  }
  ++waiting_;
  return supersedes || waiting_ == rows_a_statement ? flush() : Result<void>{};
}

}  // namespace skerry::ledger
