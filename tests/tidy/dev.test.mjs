// ./dev tested: how it counts, how it sums up, what it says when it cannot go on.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bash = (script, ...args) => spawnSync('bash', ['-c', `set -o pipefail; cd "$1"; shift; for part in screen install build test demo; do . tools/$part.sh; done; ${script}`, 'bash', root, ...args],
  { encoding: 'utf8' });

function counted(log) {
  const folder = mkdtempSync(join(tmpdir(), 'skerry-dev-'));
  try {
    writeFileSync(join(folder, 'log'), log);
    return bash('count_results "$1"', join(folder, 'log')).stdout.trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('GoogleTest programs under ctest count by their cases', () => {
  assert.equal(counted('1: [  PASSED  ] 12 tests.\n1/1 Test #1: base ....   Passed    0.30 sec\n'), '12 0 0');
  assert.equal(counted('1: [  PASSED  ] 4 tests.\n1: [  SKIPPED ] 2 tests, listed below:\n1: [  FAILED  ] 1 test, listed below:\n1/1 Test #1: base ....***Failed    0.30 sec\n'), '4 1 2');
});

test('other ctest tests count as one each', () => {
  assert.equal(counted('1/2 Test #1: consent_compile_fail ...   Passed    2.01 sec\n2/2 Test  #2: kill ......***Failed  0.1 sec\n'), '1 1 0');
});

test('a program that crashes or hangs after its cases is a failure', () => {
  assert.equal(counted('3: [  PASSED  ] 2 tests.\n1/1 Test #3: net ...***Exception: SegFault  0.10 sec\n'), '2 1 0');
  assert.equal(counted('1/1 Test #3: net ...***Timeout 900.01 sec\n'), '0 1 0');
});

test('a program with a failed case does not count twice', () => {
  assert.equal(counted('3: [  PASSED  ] 2 tests.\n3: [  FAILED  ] 3 tests, listed below:\n1/1 Test #3: net ...***Failed  0.10 sec\n'), '2 3 0');
});

test('node tests count by their summary', () => {
  assert.equal(counted('ok 1 - a\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 2\n# todo 0\n'), '3 2 2');
});

test('the last line tells passed and failed, and the status says whether any failed', () => {
  const good = bash('rows=("passed|3|12|0|0|Unit tests" "passed|1|1|0|0|Format"); summary');
  assert.equal(good.stdout.trimEnd().split('\n').pop(), '13 passed, 0 failed');
  assert.equal(good.status, 0);
  const bad = bash('rows=("failed|3|12|2|1|Unit tests" "not run|0|0|1|0|Journeys"); summary');
  assert.equal(bad.stdout.trimEnd().split('\n').pop(), '12 passed, 3 failed, 1 skipped');
  assert.equal(bad.status, 1);
});

test('a step that fails without counted tests is one failure, and its last lines are shown', () => {
  const run = bash('logs=$(mktemp -d); check "Broken step" bash -c "echo why; exit 3" || true; check "Good step" true; summary; rm -r "$logs"');
  assert.match(run.stdout, /\| why/);
  assert.equal(run.stdout.trimEnd().split('\n').pop(), '1 passed, 1 failed');
});

test('packages.txt is read by section, with the commands that stand for a package', () => {
  const lines = bash('packages_of build').stdout.trim().split('\n');
  assert.ok(lines.includes('g++ -') && lines.includes('npm npm') && !lines.some((line) => line.startsWith('wrk')));
  assert.ok(bash('packages_of build bench').stdout.includes('wrk wrk'));
});

test('without root and without sudo it says which packages to install', () => {
  const run = bash('dpkg-query() { :; }; id() { echo 1000; }; system_name() { echo "debian 12"; }; has_sudo() { false; }; need build');
  assert.equal(run.status, 1);
  assert.match(run.stderr, /apt-get install --no-install-recommends .*g\+\+/);
});

test('on another system it says so', () => {
  const run = bash('dpkg-query() { :; }; system_name() { echo "other 1"; }; need build');
  assert.equal(run.status, 1);
  assert.match(run.stderr, /Debian 12; this is other 1/);
});

test('an unknown command is wrong usage', () => {
  const run = spawnSync('./dev', ['nonsense'], { cwd: root, encoding: 'utf8' });
  assert.equal(run.status, 2);
  assert.match(run.stderr, /no command "nonsense"/);
  assert.match(execFileSync('./dev', ['help'], { cwd: root, encoding: 'utf8' }), /\.\/dev demo/);
});
