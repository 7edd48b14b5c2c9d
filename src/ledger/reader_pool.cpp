#include "ledger/reader_pool.hpp"

#include <string>
#include <utility>

#include "ledger/fact_columns.hpp"

namespace skerry::ledger {
namespace {

constexpr std::size_t idle_max = 16;

Result<void> prepare(Reader& reader, const TermTable& terms) {
  auto facts = FactReader::prepare(reader.connection, &terms);
  if (!facts) return fail(facts.error());
  reader.facts = std::move(*facts);
  const std::string start = "SELECT " + std::string(fact_columns) + " FROM fact f INDEXED BY fact_of_participant WHERE f.id <= ?1";
  const std::string of_one = " AND f.participant = ?2";
  const std::string of_range = " AND f.participant BETWEEN ?2 AND ?3";
  const std::string current = " AND f.status <> 5 AND NOT EXISTS (SELECT 1 FROM fact s WHERE s.supersedes = f.id AND s.id <= ?1)";
  const std::string order = " ORDER BY f.participant, f.id";
  const std::pair<Statement*, std::string> statements[] = {{&reader.current_of_all, start + current + order},
                                                           {&reader.current_of_one, start + of_one + current + order},
                                                           {&reader.current_of_range, start + of_range + current + order},
                                                           {&reader.history_of_all, start + order},
                                                           {&reader.history_of_one, start + of_one + order}};
  for (const auto& [statement, sql] : statements) {
    auto prepared = Statement::prepare(reader.connection, sql);
    if (!prepared) return fail(prepared.error());
    *statement = std::move(*prepared);
  }
  return {};
}

}  // namespace

ReaderPool::Lease::~Lease() {
  if (!reader_) return;
  const std::lock_guard lock(pool_->mutex_);
  if (pool_->idle_.size() < idle_max) pool_->idle_.push_back(std::move(reader_));
}

Result<ReaderPool::Lease> ReaderPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto reader = std::move(idle_.back());
      idle_.pop_back();
      return Lease(*this, std::move(reader));
    }
  }
  auto connection = Connection::open(file_, Connection::Mode::read_only);
  if (!connection) return fail(connection.error());
  auto reader = std::make_unique<Reader>();
  reader->connection = std::move(*connection);
  if (auto done = prepare(*reader, *terms_); !done) return fail(done.error());
  return Lease(*this, std::move(reader));
}

}  // namespace skerry::ledger
