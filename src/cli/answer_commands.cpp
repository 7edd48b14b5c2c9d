#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <memory>

#include "answers/reviewer.hpp"
#include "answers/signature.hpp"
#include "cli/command.hpp"

namespace skerry::cli {
namespace {

struct Wanted {
  std::string question;
  std::string language;
  std::string key_file;
  std::string on;
  bool all = false;
  answers::KeyRequest key;
  bool passphrase = false;
};

/// Asked on the terminal without echo; from the environment where there is none.
std::optional<std::string> read_passphrase(Output& output) {
  if (const char* given = std::getenv("SKERRY_PASSPHRASE"); given != nullptr) return given;
  if (::isatty(STDIN_FILENO) == 0) return std::nullopt;
  output.note("Passphrase of the key:");
  termios before{};
  ::tcgetattr(STDIN_FILENO, &before);
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &silent);
  std::string line;
  std::getline(std::cin, line);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
  return line;
}

int make_key(const std::string& file, answers::KeyRequest request, bool with_passphrase, Output& output) {
  if (with_passphrase) {
    request.passphrase = read_passphrase(output);
    if (!request.passphrase || request.passphrase->empty()) {
      return output.error({ErrorCode::usage, "no passphrase was given: type one, or set SKERRY_PASSPHRASE", {}});
    }
  } else {
    output.note("The key is stored without a passphrase: whoever reads the file can sign.");
  }
  const auto key = answers::make_reviewer_key(file, request);
  if (!key) return output.error(key.error());
  output.line(fmt::format("Made the key {} of {} in {}", key->reviewer().key_id, request.name, file));
  return output.finish({{"file", file}, {"key_id", key->reviewer().key_id}, {"demonstration", request.demonstration}});
}

Result<answers::ReviewerKey> open_key(const std::string& file, Output& output) {
  const auto locked = answers::needs_passphrase(file);
  if (!locked) return fail(locked.error());
  return answers::read_reviewer_key(file, *locked ? read_passphrase(output) : std::nullopt);
}

int add_reviewer(Registry& registry, const std::string& file, Output& output) {
  const auto key = open_key(file, output);
  if (!key) return output.error(key.error());
  const auto& reviewer = key->reviewer();
  if (auto added = answers::add_reviewer(registry.directory, reviewer); !added) return output.error(added.error());
  output.line(fmt::format("{} ({}) may review answers of this registry now.", reviewer.name, reviewer.role));
  return output.finish(
      {{"key_id", reviewer.key_id}, {"name", reviewer.name}, {"role", reviewer.role}, {"demonstration", reviewer.demonstration}});
}

/// The questions and languages a command means: one question or all, one language or all the answer has.
Result<std::vector<std::pair<const pack::Question*, std::string>>> chosen(const Registry& registry, const Wanted& wanted) {
  std::vector<std::pair<const pack::Question*, std::string>> out;
  if (!wanted.question.empty() && registry.pack.question(wanted.question) == nullptr) {
    return fail(ErrorCode::not_found, "there is no question \"" + wanted.question + "\" in the pack");
  }
  for (const auto& question : registry.pack.questions) {
    if (!wanted.question.empty() && question.id != wanted.question) continue;
    for (const auto& [language, text] : question.answer) {
      if (wanted.language.empty() || wanted.language == language) out.emplace_back(&question, language);
    }
  }
  if (out.empty()) return fail(ErrorCode::not_found, "there is no answer in that language");
  return out;
}

int sign(Registry& registry, const Wanted& wanted, Output& output) {
  if (wanted.question.empty() && !wanted.all) return output.error({ErrorCode::usage, "name a QUESTION, or say --all", {}});
  const auto texts = chosen(registry, wanted);
  if (!texts) return output.error(texts.error());
  auto day = answers::today();
  if (!wanted.on.empty()) {
    const auto given = parse_partial_date(wanted.on);
    if (!given || given->day == 0)
      return output.error({ErrorCode::malformed, "expected a day such as 2026-11-22", Place{"--on", 0, 0, {}}});
    day = *given;
  }
  const auto key = open_key(wanted.key_file, output);
  if (!key) return output.error(key.error());
  boost::json::array signatures;
  for (const auto& [question, language] : *texts) {
    const auto signature = answers::sign(registry.pack, *question, language, *key, day);
    if (!signature) return output.error(signature.error());
    if (auto audited = registry.ledger->audit("reviewer " + signature->key_id, "sign", question->id + "/" + language, signature->text);
        !audited) {
      return output.error(audited.error());
    }
    if (auto stored = answers::store_signature(registry.directory, *signature); !stored) return output.error(stored.error());
    output.line(fmt::format("Signed {} ({}) as {}", question->id, language, signature->name));
    signatures.push_back(
        {{"question", question->id}, {"language", language}, {"text", to_hex(signature->text)}, {"key_id", signature->key_id}});
  }
  return output.finish({{"signed", std::move(signatures)}});
}

int status(Registry& registry, const Wanted& wanted, Output& output) {
  const auto texts = chosen(registry, wanted);
  if (!texts) return output.error(texts.error());
  boost::json::array answers_json;
  for (const auto& [question, language] : *texts) {
    const auto found = answers::status(registry.directory, registry.pack, *question, language, answers::today());
    if (!found) return output.error(found.error());
    const auto on = found->reviewed_on ? to_text(*found->reviewed_on) : std::string();
    output.line(fmt::format("{:<28} {}  {}{}{}{}", question->id, language, answers::name_of(found->review), on.empty() ? "" : " on " + on,
                            found->name.empty() ? "" : " by " + found->name, found->reason.empty() ? "" : ": " + found->reason));
    boost::json::object entry{{"question", question->id}, {"language", language}, {"review", answers::name_of(found->review)}};
    if (!found->name.empty()) entry["by"] = found->name;
    if (!on.empty()) entry["on"] = on;
    if (found->due_on) entry["due_on"] = to_text(*found->due_on);
    entry["demonstration"] = found->demonstration;
    if (!found->reason.empty()) entry["reason"] = found->reason;
    answers_json.push_back(std::move(entry));
  }
  return output.finish({{"answers", std::move(answers_json)}});
}

void add_key_commands(CLI::App& group, Invocation& invocation, const std::shared_ptr<Wanted>& wanted) {
  auto* key = group.add_subcommand("key", "Make a reviewer's key pair in a new file");
  key->add_option("FILE", wanted->key_file, "The file to make")->required();
  key->add_option("--name", wanted->key.name, "The reviewer's name, as the page shows it")->required();
  key->add_option("--role", wanted->key.role, "What they are, as the page shows it")->capture_default_str();
  key->add_flag("--demonstration", wanted->key.demonstration, "The page says that the reviewer is for demonstration only");
  key->add_flag("--passphrase", wanted->passphrase, "Encrypt the key under a passphrase (asked, or in SKERRY_PASSPHRASE)");
  key->callback([&invocation, wanted] {
    invocation.action = [wanted](Output& output) { return make_key(wanted->key_file, wanted->key, wanted->passphrase, output); };
  });
  auto* reviewer = group.add_subcommand("reviewer", "Accept a reviewer: signatures made with this key count in this registry");
  reviewer->add_option("--key", wanted->key_file, "The reviewer's key file")->required();
  reviewer->callback([&invocation, wanted] {
    invocation.action = [&invocation, wanted](Output& output) {
      return with_registry(invocation, output, [&](Registry& registry) { return add_reviewer(registry, wanted->key_file, output); });
    };
  });
}

}  // namespace

void add_answer_commands(CLI::App& app, Invocation& invocation) {
  auto* group = app.add_subcommand("answer", "Sign answers and see what their review status is");
  group->require_subcommand(1);
  auto wanted = std::make_shared<Wanted>();
  wanted->key.role = "reviewer";
  add_key_commands(*group, invocation, wanted);
  auto* sign_command = group->add_subcommand("sign", "Sign an answer as it stands now");
  sign_command->add_option("QUESTION", wanted->question, "The question's id");
  sign_command->add_option("--key", wanted->key_file, "The reviewer's key file")->required();
  sign_command->add_option("--language", wanted->language, "Only the answer in this language");
  sign_command->add_option("--on", wanted->on, "The day of the review (default: today)");
  sign_command->add_flag("--all", wanted->all, "Every answer");
  sign_command->callback([&invocation, wanted] {
    invocation.action = [&invocation, wanted](Output& output) {
      return with_registry(invocation, output, [&](Registry& registry) { return sign(registry, *wanted, output); });
    };
  });
  auto* status_command = group->add_subcommand("status", "Whether each answer is reviewed, changed since, due, or not reviewed");
  status_command->add_option("QUESTION", wanted->question, "The question's id; without one, all");
  status_command->add_option("--language", wanted->language, "Only the answer in this language");
  status_command->callback([&invocation, wanted] {
    invocation.action = [&invocation, wanted](Output& output) {
      return with_registry(invocation, output, [&](Registry& registry) { return status(registry, *wanted, output); });
    };
  });
}

}  // namespace skerry::cli
