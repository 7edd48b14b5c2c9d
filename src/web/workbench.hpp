// The pages on which stewards and researchers write, check, preview and save studies. Only for holders of a pass (workbench_pass.hpp).
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "cohort/study_shelf.hpp"
#include "net/http.hpp"
#include "web/page.hpp"
#include "web/routes.hpp"
#include "web/workbench_pass.hpp"

namespace skerry::web {

/// Thread-safe. Never cached: every answer looks at the pass again.
class Workbench {
 public:
  explicit Workbench(const std::filesystem::path& directory) : directory_(directory), shelf_(directory / "studies") {}

  /// `match` is one of the workbench's routes. A preview asks the registry like any other question: what it tells is a release and is
  /// recorded as one. One preview at a time; others are told to wait (503).
  [[nodiscard]] net::Response answer(const net::Request& request, const Match& match, const SiteContext& context);

 private:
  struct Visitor {
    WorkbenchPass pass;
    std::string form_token;
  };
  struct Draft;

  [[nodiscard]] net::Response enter(std::string_view token, const SiteContext& context, const Phrases& phrases) const;
  [[nodiscard]] net::Response closed(const SiteContext& context, const Phrases& phrases) const;
  [[nodiscard]] net::Response overview(const Visitor& visitor, const SiteContext& context, const Phrases& phrases) const;
  [[nodiscard]] net::Response open(const Visitor& visitor, std::string_view id, const SiteContext& context, const Phrases& phrases) const;
  [[nodiscard]] net::Response submitted(const Visitor& visitor, const net::Request& request, const SiteContext& context,
                                        const Phrases& phrases);
  void preview(const Visitor& visitor, const cohort::Study& study, const SiteContext& context, const Phrases& phrases, bool steps,
               Draft& draft);
  [[nodiscard]] net::Response editor(const Visitor& visitor, Draft draft, const SiteContext& context, const Phrases& phrases) const;

  std::filesystem::path directory_;
  cohort::StudyShelf shelf_;
  std::mutex previewing_;
};

}  // namespace skerry::web
