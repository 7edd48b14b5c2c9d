// The tidy rules tested on samples: each rule finds what is wrong, at its line, and leaves what is right alone.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { codeOf, functionsOf } from './cpp.mjs';
import { ignoring } from './tree.mjs';
import * as rule from './rules.mjs';

const treeOf = (files) => new Map(Object.entries(files));
const at = (found) => found.map(({ path, line }) => `${path}:${line}`);
const street = 'skerry_room(base LINKS fmt::fmt)\nskerry_room(fact ABOVE base)\nskerry_room(ledger ABOVE fact LINKS SQLite::SQLite3)\nskerry_room(net ABOVE base)\n';
const longBody = (lines) => `${'  step();\n'.repeat(lines)}`;

test('a file of 501 lines is too long, one of 500 is not', () => {
  const found = rule.lengths(treeOf({ 'src/base/a.cpp': '\n'.repeat(501), 'src/base/b.cpp': '\n'.repeat(500), 'packs/poh/terms.json': '\n'.repeat(9000) }));
  assert.deepEqual(at(found), ['src/base/a.cpp:501']);
});

test('a function of 71 lines is too long, wherever it stands', () => {
  const samples = {
    free: `int f(int a) {\n${longBody(69)}}\n`,
    member: `namespace a {\nclass B final : public C {\n public:\n  int f(int a) const noexcept override {\n${longBody(69)}  }\n};\n}\n`,
    template: `template <class T, std::size_t N = (3 > 2)>\nT f(T a) {\n${longBody(68)}}\n`,
    test: `TEST(Room, Behaves) {\n${longBody(69)}}\n`,
    constructor: `A::A(int b)\n    : b_{b} {\n${longBody(69)}}\n`,
  };
  for (const [name, text] of Object.entries(samples)) {
    assert.equal(rule.lengths(treeOf({ 'src/base/a.cpp': text })).length, 1, name);
    assert.equal(rule.lengths(treeOf({ 'src/base/a.cpp': text.replace(`  step();\n  step();\n`, '') })).length, 0, `${name}, two lines shorter`);
  }
});

test('classes, namespaces and tables of data may be long; shell functions may not', () => {
  const long = `namespace a {\nstruct B {\n${'  int c = 0;\n'.repeat(90)}};\nconstexpr int d[] = {\n${'  1,\n'.repeat(90)}};\nenum class E : int {\n${'  x,\n'.repeat(90)}};\n}\n`;
  assert.deepEqual(rule.lengths(treeOf({ 'src/base/a.hpp': long })), []);
  assert.deepEqual(at(rule.lengths(treeOf({ 'tools/a.sh': `x=1\nf() {\n${longBody(70)}}\n` }))), ['tools/a.sh:2']);
});

test('braces in strings, characters and comments are no braces', () => {
  const text = `int f() {\n  g("{", '{', 1'000'000);  // {\n  /* { */ h(R"x(} " {)x");\n}\nint g() { return 1; }\n`;
  assert.deepEqual(functionsOf(text).map(({ name, line, lines }) => [name, line, lines]), [['f', 1, 4], ['g', 5, 1]]);
  assert.equal(codeOf(text).split('\n').length, text.split('\n').length);
});

test('a room that looks down or sideways is found, through the whole street', () => {
  const found = rule.direction(treeOf({
    'src/CMakeLists.txt': street,
    'src/base/a.cpp': '#include "base/a.hpp"\n#include "fact/fact.hpp"\n',
    'src/ledger/a.cpp': '#include <string>\n#include "base/a.hpp"\n#include "net/http.hpp"\n',
    'src/fact/a.cpp': '#include "value.hpp"\n',
    'src/attic/a.cpp': '\n',
  }));
  assert.deepEqual(at(found).sort(), ['src/attic/a.cpp:1', 'src/base/a.cpp:2', 'src/fact/a.cpp:1', 'src/ledger/a.cpp:3']);
});

test('a room that names one below itself in CMake is found', () => {
  assert.deepEqual(at(rule.streetOf('skerry_room(base ABOVE fact)\nskerry_room(fact ABOVE base)\n').found), ['src/CMakeLists.txt:1']);
});

test('each banned call is found at its line', () => {
  for (const call of ['std::rand()', 'sprintf(a, b)', 'strcpy(a, b)', 'strcat(a, b)', 'gets(a)', 'system("ls")', 'std::system("ls")', 'std::stoi(a)', 'std::stod(a)',
    'atoi(a)', 'printf("a")', 'fprintf(stderr, "a")', 'std::cout << 1', 'std::cerr << 1', 'co_await a', 'new int(3)', 'delete a', 'delete[] a',
    'reinterpret_cast<Other*>(a)', 'using namespace std']) {
    assert.deepEqual(at(rule.bannedCalls(treeOf({ 'src/fact/a.cpp': `void f() {\n  ${call};\n}\n` }))), ['src/fact/a.cpp:2'], call);
  }
});

test('what only resembles a banned call is allowed', () => {
  for (const fine of ['// system("ls")', 'log("printf(a) new b delete c")', 'file.system(1)', 'snprintf(a, 3, b)', 'A(const A&) = delete', 'fmt::format("a")', 'brand(a)',
    'std::unique_ptr<T>(new T(a))', 'std::unique_ptr<T> a(new T)', 'renew(a)', 'reinterpret_cast<const unsigned char*>(a)', 'using namespace std::chrono_literals', 'int news = 0']) {
    assert.deepEqual(rule.bannedCalls(treeOf({ 'src/fact/a.cpp': `void f() {\n  ${fine};\n}\n` })), [], fine);
  }
  assert.deepEqual(rule.bannedCalls(treeOf({ 'src/cli/a.cpp': 'std::cout << 1;\n', 'src/net/a.cpp': 'co_await b;\n', 'tests/a/b_test.cpp': 'std::cerr << 1;\n' })), []);
});

test('a test left out without a word is found', () => {
  const found = rule.skipsSayWhy(treeOf({ 'tests/a/a_test.cpp': 'if (x) GTEST_SKIP();\nGTEST_SKIP() << "no shared data";\nTEST(A, DISABLED_b) {}\n' }));
  assert.deepEqual(at(found), ['tests/a/a_test.cpp:1', 'tests/a/a_test.cpp:3']);
});

test('a room without a README, or with an empty one, is found', () => {
  const good = 'a\nb\nc\nd\n';
  const found = rule.roomsHaveReadmes(treeOf({ 'src/CMakeLists.txt': street, 'src/base/README.md': good, 'src/net/README.md': good, 'src/fact/README.md': '# fact\n' }));
  assert.deepEqual(at(found), ['src/fact/README.md:1', 'src/ledger/README.md:1']);
});

test('files that nothing reaches are found', () => {
  const found = rule.orphans(treeOf({
    'src/base/a.hpp': '', 'src/base/a.cpp': '#include "base/a.hpp"\n', 'src/base/lost.hpp': '#include "base/lost.hpp"\n', 'src/base/deep/lost.cpp': '',
    'tests/base/a_test.cpp': '', 'tests/base/lost.cpp': '', 'tests/base/named.cpp': '', 'tests/base/CMakeLists.txt': 'add_executable(x named.cpp)\n',
    'bench/CMakeLists.txt': 'add_executable(bench_append append.cpp)\n', 'bench/append.cpp': '', 'bench/lost.cpp': '',
    'web/templates/home.mustache': '{{> table}}', 'web/templates/table.mustache': '', 'web/templates/forlorn.mustache': '', 'src/web/home.cpp': 'render("home");',
    'tools/test.sh': '', 'tools/lost.sh': '', 'dev': '. tools/test.sh', 'cmake/a.cmake': '', 'CMakeLists.txt': 'include(cmake/a.cmake)',
    'docs/README.md': '[a](a.md)', 'docs/a.md': '', 'docs/lost.md': '',
  }));
  assert.deepEqual(at(found).sort(), ['bench/lost.cpp:1', 'docs/lost.md:1', 'src/base/deep/lost.cpp:1', 'src/base/lost.hpp:1', 'tests/base/lost.cpp:1', 'tools/lost.sh:1',
    'web/templates/forlorn.mustache:1']);
});

test('a link that leads nowhere is found; addresses and anchors are left alone', () => {
  const found = rule.linksHold(treeOf({ 'README.md': '[a](docs/a.md#b)\n[c](https://example.org/)\n[d](docs/)\n[e](#f)\n[g](docs/gone.md)\n', 'docs/a.md': '[up](../README.md)' }));
  assert.deepEqual(at(found), ['README.md:5']);
});

test('notes to self, machine paths, tabs, trailing spaces and missing newlines are found', () => {
  const lines = ['fine', `// ${'TO' + 'DO'} later`, `${'NO' + 'LINT'}`, `see /${'ho' + 'me'}/someone/a`, 'a\tb', 'a ', '~/home/a and /homepage/'];
  assert.deepEqual(at(rule.cleanText(treeOf({ 'src/base/a.cpp': lines.join('\n') }))).sort(),
    ['a.cpp:2', 'a.cpp:3', 'a.cpp:4', 'a.cpp:5', 'a.cpp:6', 'a.cpp:7'].map((place) => `src/base/${place}`));
  assert.deepEqual(rule.cleanText(treeOf({ 'src/base/a.cpp': 'mkdtemp("a-XXXXXX")\n', 'fuzz/corpus/a/b': '\t ' })), []);
});

test('names that say nothing, or that some systems cannot keep, are found', () => {
  const found = rule.names(treeOf({ 'src/base/string_utils.cpp': '', 'src/common/a.cpp': '', 'src/base/Big.cpp': '', 'src/base/a b.cpp': '', 'README.md': '', 'src/base/utility.hpp': '' }));
  assert.deepEqual(at(found).sort(), ['src/base/Big.cpp:1', 'src/base/a b.cpp:1', 'src/base/string_utils.cpp:1', 'src/common/a.cpp:1']);
});

test('a package without a reason, or named twice, is found', () => {
  const found = rule.packagesHaveReasons(treeOf({ 'packages.txt': '# list\n[build]\ng++  # the compiler\ncmake\nnpm  command=npm  # pages\ng++  # again\n' }));
  assert.deepEqual(at(found), ['packages.txt:4', 'packages.txt:6']);
});

test('an error missing in the documents, changed there or only there is found', () => {
  const found = rule.errorsAreDocumented(treeOf({
    'src/base/error_catalogue.def': 'SKERRY_ERROR(usage,   100, 400, 2,  "Not understood")\nSKERRY_ERROR(gone, 101, 404, 3, "Gone")\nSKERRY_ERROR(new_one, 102, 404, 3, "New")\n',
    'docs/cli.md': '| 100 | `usage` | 2 | 400 | Not understood |\n| 101 | `gone` | 4 | 404 | Gone |\n| 150 | `old` | 1 | 400 | Old |\n',
  }));
  assert.deepEqual(at(found), ['docs/cli.md:2', 'docs/cli.md:1', 'docs/cli.md:3']);
});

test('.gitignore is understood', () => {
  const ignored = ignoring('/build/\nnode_modules/\n*.log\n# a comment\n');
  for (const path of ['build/a', 'web/node_modules/b', 'a.log', 'c/d.log', '.git']) assert.ok(ignored(path), path);
  for (const path of ['src/build/a', 'builds', 'a.logs']) assert.ok(!ignored(path), path);
});
