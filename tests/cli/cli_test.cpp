#include <gtest/gtest.h>
#include <sys/resource.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/app.hpp"
#include "cli/configuration.hpp"
#include "ledger/ledger.hpp"

namespace skerry::cli {
namespace {

namespace fs = std::filesystem;

struct Said {
  int code = 0;
  std::string out, err;

  [[nodiscard]] boost::json::object json() const { return boost::json::parse(out).as_object(); }
};

Said say(const std::vector<std::string>& arguments) {
  std::ostringstream out, err;
  Said said;
  said.code = run(arguments, out, err);
  said.out = out.str();
  said.err = err.str();
  return said;
}

void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

class CommandLine : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "skerry-cli-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string data() const { return (folder_ / "registry").string(); }
  void make() const { ASSERT_EQ(say({"init", data()}).code, 0); }

  fs::path folder_;
};

TEST_F(CommandLine, WrongUsageIsTwoAndSaysSoOnStandardErrorOnly) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{{},
                                                                     {"nonsense"},
                                                                     {"init"},
                                                                     {"ask", "--no-such-option"},
                                                                     {"verify", "extra"},
                                                                     {"generate", "--participants", "0"},
                                                                     {"generate", "--participants", "x"},
                                                                     {"consent", "grant", "1", "everything", "--text", "t"},
                                                                     {"consent", "grant", "-4", "own_care", "--text", "t"}}) {
    const auto said = say(arguments);
    EXPECT_EQ(said.code, 2) << (arguments.empty() ? "nothing" : arguments.front());
    EXPECT_TRUE(said.out.empty());
    EXPECT_NE(said.err.find("skerry"), std::string::npos);
  }
}

TEST_F(CommandLine, HelpTellsEveryCommandAndTheExitCodes) {
  const auto said = say({"help"});
  EXPECT_EQ(said.code, 0);
  for (const auto* word :
       {"init", "import", "export", "ask", "serve", "verify", "pack", "vocabulary", "answer", "consent", "quality", "Exit codes"}) {
    EXPECT_NE(said.out.find(word), std::string::npos) << word;
  }
  EXPECT_NE(say({"help", "ask"}).out.find("STUDY"), std::string::npos);
}

TEST_F(CommandLine, InitIsAllOrNothing) {
  make();
  EXPECT_TRUE(fs::exists(folder_ / "registry/skerry.toml"));
  EXPECT_EQ(say({"init", data()}).code, 3);
  fs::create_directory(folder_ / "full");
  write(folder_ / "full/letter.txt", "mine");
  const auto full = say({"init", (folder_ / "full").string()});
  EXPECT_EQ(full.code, 1);
  EXPECT_NE(full.err.find("not empty"), std::string::npos);
  EXPECT_TRUE(fs::exists(folder_ / "full/letter.txt"));
  EXPECT_EQ(say({"init", (folder_ / "none").string(), "--pack", "no-such-pack"}).code, 3);
  EXPECT_FALSE(fs::exists(folder_ / "none"));
}

TEST_F(CommandLine, JsonIsOneObjectAlsoForErrors) {
  const auto made = say({"init", data(), "--json"});
  EXPECT_TRUE(made.json().at("ok").as_bool());
  const auto again = say({"--json", "init", data()});
  EXPECT_EQ(again.code, 3);
  EXPECT_FALSE(again.json().at("ok").as_bool());
  EXPECT_EQ(again.json().at("error").at("code").as_string(), "already_exists");
  EXPECT_FALSE(again.err.empty());
  const auto usage = say({"ask", "--json"});
  EXPECT_EQ(usage.code, 2);
  EXPECT_EQ(usage.json().at("error").at("code").as_string(), "usage");
}

TEST_F(CommandLine, AFolderThatIsNoRegistryIsNamed) {
  const auto said = say({"verify", "--data", folder_.string()});
  EXPECT_EQ(said.code, 3);
  EXPECT_NE(said.err.find(folder_.string()), std::string::npos);
  EXPECT_NE(said.err.find("skerry init"), std::string::npos);
}

TEST_F(CommandLine, ASecondProgramIsRefusedWithoutHarm) {
  make();
  const auto held = ledger::Ledger::open(data());
  ASSERT_TRUE(held);
  const auto said = say({"verify", "--data", data()});
  EXPECT_EQ(said.code, 5);
  EXPECT_NE(said.err.find(std::to_string(::getpid())), std::string::npos) << said.err;
}

TEST_F(CommandLine, SettingsThatAreWrongAreNamedWithTheirLine) {
  make();
  const auto file = folder_ / "registry/skerry.toml";
  struct Case {
    const char* text;
    const char* line;
  };
  for (const auto& [text, line] :
       {Case{"name = \"x\"\nfloor = 4\n", ":2"}, Case{"floor = \"many\"\n", ":1"}, Case{"name = 3\n", ":1"},
        Case{"name = \"x\"\n\nflor = 9\n", ":3"}, Case{"name = \"x\n", ":1"}, Case{"demonstration = 1\n", ":1"}}) {
    write(file, text);
    const auto said = say({"verify", "--data", data()});
    EXPECT_NE(said.code, 0) << text;
    EXPECT_NE(said.err.find(std::string("skerry.toml") + line), std::string::npos) << said.err;
  }
}

TEST(Configuration, AnyNameSurvivesTheFile) {
  const auto file = fs::temp_directory_path() / ("skerry-configuration-" + std::to_string(::getpid()) + ".toml");
  const Configuration wanted{"a \"quoted\" \\ name\nwith a line\tand \x01", true, 11};
  ASSERT_TRUE(write_configuration(file, wanted));
  const auto read = read_configuration(file);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, wanted);
  fs::remove(file);
}

TEST_F(CommandLine, ExampleParticipantsAreTheSameForOneSeedAndLabelled) {
  make();
  const auto made = say({"generate", "--participants", "120", "--seed", "7", "--data", data(), "--json"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(made.json().at("participants").as_int64(), 120);
  EXPECT_NE(say({"ask", "poh/treatments-tried", "--data", data()}).out.find("SYNTHETIC"), std::string::npos);
  const auto verified = say({"verify", "--data", data(), "--json"});
  EXPECT_EQ(verified.code, 0) << verified.err;
  EXPECT_EQ(verified.json().at("facts"), made.json().at("facts"));

  const auto other = (folder_ / "other").string();
  ASSERT_EQ(say({"init", other}).code, 0);
  ASSERT_EQ(say({"generate", "--participants", "120", "--seed", "7", "--data", other}).code, 0);
  EXPECT_EQ(say({"ask", "poh/treatments-tried", "--csv", "--data", data()}).out,
            say({"ask", "poh/treatments-tried", "--csv", "--data", other}).out);
}

TEST_F(CommandLine, RealAndExampleParticipantsNeverMix) {
  make();
  ASSERT_EQ(say({"generate", "--participants", "5", "--data", data()}).code, 0);
  const auto said = say({"import", "phenopackets", folder_.string(), "--data", data()});
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.err.find("demonstration"), std::string::npos);

  const auto real = (folder_ / "real").string();
  ASSERT_EQ(say({"init", real}).code, 0);
  write(folder_ / "one.json", R"({"id":"p-12","subject":{"id":"12","sex":"FEMALE"},"metaData":{"createdBy":"test"}})");
  write(folder_ / "two.json", R"({"id":"p-13","subject":{"id":"13","sex":"WOMAN"}})");
  const auto imported =
      say({"import", "phenopackets", (folder_ / "one.json").string(), (folder_ / "two.json").string(), "--json", "--data", real});
  EXPECT_EQ(imported.code, 1);
  EXPECT_EQ(imported.json().at("accepted").as_int64(), 1);
  EXPECT_EQ(imported.json().at("rejections").as_array().front().at("path").as_string(), "/subject/sex");
  EXPECT_EQ(say({"generate", "--data", real}).code, 1);
  ASSERT_EQ(say({"export", "phenopackets", (folder_ / "out").string(), "--data", real}).code, 0);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "out"), {}), 1);
}

TEST_F(CommandLine, EveryStudyOfThePackIsAnsweredOrRefusedHonestly) {
  make();
  ASSERT_EQ(say({"generate", "--participants", "300", "--data", data()}).code, 0);
  std::size_t answered = 0;
  for (const auto& entry : fs::directory_iterator(folder_ / "registry/pack/studies")) {
    const auto id = entry.path().stem().string();
    const auto said = say({"ask", id, "--json", "--data", data()});
    EXPECT_TRUE(said.code == 0 || said.code == 4) << id << ": " << said.err;
    if (said.code == 0) ++answered;
  }
  EXPECT_GE(answered, 3u);
  const auto unknown = say({"ask", "no-such-study", "--data", data()});
  EXPECT_EQ(unknown.code, 3);
  EXPECT_NE(unknown.err.find("treatments-tried"), std::string::npos);
}

TEST_F(CommandLine, WithdrawalIsInForceInTheNextAnswer) {
  make();
  ASSERT_EQ(say({"generate", "--participants", "60", "--data", data()}).code, 0);
  const auto before = say({"ask", "poh/participants", "--json", "--data", data()});
  ASSERT_EQ(before.code, 0) << before.err;
  const auto people = before.json().at("people");
  // At least floor many leave, so that the release before does not stand.
  for (int participant = 1; participant <= 20; ++participant) {
    const auto said = say({"consent", "withdraw", std::to_string(participant), "public_figures", "--data", data()});
    ASSERT_EQ(said.code, 0) << said.err;
  }
  const auto after = say({"ask", "poh/participants", "--json", "--data", data()});
  ASSERT_EQ(after.code, 0) << after.err;
  EXPECT_NE(after.json().at("people"), people);
  const auto history = say({"consent", "show", "3", "--data", data(), "--json"});
  EXPECT_EQ(history.json().at("decisions").as_array().back().at("decision").as_string(), "withdrawn");
  EXPECT_EQ(say({"consent", "show", "9999", "--data", data()}).code, 3);
}

TEST_F(CommandLine, AnswersAreUnsignedUntilAReviewerSigns) {
  make();
  const auto key = (folder_ / "key.json").string();
  const auto first = say({"answer", "status", "--json", "--data", data()});
  ASSERT_EQ(first.code, 0) << first.err;
  const auto unsigned_answers = first.json();
  for (const auto& answer : unsigned_answers.at("answers").as_array()) EXPECT_EQ(answer.at("review").as_string(), "not_reviewed");
  ASSERT_EQ(say({"answer", "key", key, "--name", "demonstration reviewer", "--demonstration"}).code, 0);
  EXPECT_NE(say({"answer", "key", key, "--name", "x"}).code, 0);
  ASSERT_EQ(say({"answer", "reviewer", "--key", key, "--data", data()}).code, 0);
  const auto signed_all = say({"answer", "sign", "--all", "--key", key, "--data", data()});
  ASSERT_EQ(signed_all.code, 0) << signed_all.err;
  const auto signed_answers = say({"answer", "status", "--json", "--data", data()}).json();
  for (const auto& answer : signed_answers.at("answers").as_array()) {
    EXPECT_EQ(answer.at("review").as_string(), "reviewed");
    EXPECT_TRUE(answer.at("demonstration").as_bool());
  }
  const auto text = folder_ / "registry/pack/answers/treatment-approaches.en.md";
  std::ofstream(text, std::ios::app) << "\nOne sentence more.\n";
  const auto changed = say({"answer", "status", "treatment-approaches", "--language", "en", "--json", "--data", data()});
  EXPECT_EQ(changed.json().at("answers").as_array().front().at("review").as_string(), "changed_since_review");
}

TEST_F(CommandLine, TheAuditTellsWritesOpeningsAndErasures) {
  make();
  ASSERT_EQ(say({"generate", "--participants", "20", "--data", data()}).code, 0);
  ASSERT_EQ(say({"quality", "--data", data()}).code, 0);
  EXPECT_EQ(say({"identity", "erase", "3", "--data", data()}).code, 2);
  ASSERT_EQ(say({"identity", "erase", "3", "--yes", "--data", data()}).code, 0);
  EXPECT_EQ(say({"identity", "erase", "21", "--yes", "--data", data()}).code, 3);
  const auto said = say({"audit", "--json", "--data", data()});
  ASSERT_EQ(said.code, 0) << said.err;
  std::string actions;
  const auto audit = said.json();
  for (const auto& entry : audit.at("entries").as_array()) actions += std::string(entry.at("action").as_string()) + " ";
  EXPECT_EQ(actions, "append open_view erase_identity ");
  EXPECT_EQ(say({"audit", "--from", "0", "--data", data()}).code, 2);
  EXPECT_EQ(say({"verify", "--data", data()}).code, 0);
}

TEST_F(CommandLine, PackCheckNamesTheLine) {
  make();
  const auto pack = folder_ / "registry/pack";
  EXPECT_EQ(say({"pack", "check", pack.string()}).code, 0);
  const auto study = pack / "studies/treatments-tried.json";
  std::ifstream in(study);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  write(study, "{\n  \"nonsense\": 1,\n" + text.substr(text.find('{') + 1));
  const auto said = say({"pack", "check", pack.string(), "--json"});
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.err.find("treatments-tried.json:2"), std::string::npos) << said.err;
}

TEST_F(CommandLine, PackCheckNoticesCodesThePackDoesNotKnow) {
  make();
  const auto pack = folder_ / "registry/pack";
  EXPECT_EQ(say({"pack", "check", pack.string()}).err.find("speaks of"), std::string::npos);
  const auto study = pack / "studies/participants.json";
  std::ifstream in(study);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  text.replace(text.find("MONDO:0008153"), 13, "MONDO:0008135");
  write(study, text);
  const auto said = say({"pack", "check", pack.string(), "--json"});
  EXPECT_EQ(said.code, 0);
  EXPECT_NE(said.err.find("speaks of MONDO:0008135"), std::string::npos) << said.err;
  EXPECT_NE(said.err.find("did you mean \"MONDO:0008153\""), std::string::npos) << said.err;
}

}  // namespace
}  // namespace skerry::cli
