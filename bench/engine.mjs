// The engine beside DuckDB on the same made-up registry, one run on one machine: node bench/engine.mjs BUILD [PARTICIPANTS,...] [RUNS]
// Every answer is checked equal before a time is told. Writes build/bench/engine.json; bench/growth.mjs draws it.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [build = 'build/release', sizes = '100000', wantedRuns = '9', factsEach = '40'] = process.argv.slice(2);
const threads = 2;
const work = resolve('build/bench');
const require = createRequire(resolve('tests/differential/package.json'));
let DuckDBInstance;
try {
  ({ DuckDBInstance } = await import(pathToFileURL(require.resolve('@duckdb/node-api'))));
} catch (error) {
  console.log(`SKIPPED: DuckDB cannot be loaded (npm --prefix tests/differential ci): ${error.message.split('\n')[0]}`);
  process.exit(0);
}

const say = (text) => console.log(text);
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const sizeOf = (path) => (!existsSync(path) ? 0 : statSync(path).isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : statSync(path).size);
const json = (program, ...args) => JSON.parse(execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim().split('\n').pop());

// Concepts are numbered so that what is below one follows it: is-a is BETWEEN, the best a closure can be for DuckDB.
// Numbers as bench/big_registry.cpp gives them: 37 for people, then the trees of diagnoses, procedures, treatments.
const tree = (fans) => fans.reduceRight((below, fan) => 1 + fan * below, 1);
const diagnoses = 37, procedures = diagnoses + tree([6, 5]), treatments = procedures + tree([5, 4, 3]);
const branch = (root, fans) => `concept BETWEEN ${root + 1} AND ${root + tree(fans.slice(1))} AND status = 1`;
const procedure = branch(procedures, [5, 4, 3]), treatment = branch(treatments, [6, 4, 4]), diagnosis = branch(diagnoses, [6, 5]);
const questions = {
  count: `SELECT count(DISTINCT participant) FROM facts WHERE ${procedure}`,
  crossed: `SELECT p.country, p.sex, count(*) FROM people p SEMI JOIN (SELECT participant FROM facts WHERE ${treatment}) t USING (participant)
    SEMI JOIN (SELECT participant FROM facts WHERE ${procedure}) o USING (participant)
    ANTI JOIN (SELECT participant FROM facts WHERE ${diagnosis}) d USING (participant) GROUP BY ALL ORDER BY ALL`,
  later: `WITH i AS (SELECT participant, min(first_day) AS day FROM facts WHERE ${procedure} GROUP BY participant),
    e AS (SELECT i.participant, min(f.first_day - i.day) AS days FROM i JOIN facts f USING (participant) WHERE ${treatment.replaceAll('concept', 'f.concept').replaceAll('status', 'f.status')} AND f.first_day >= i.day GROUP BY i.participant)
    SELECT count(*), sum(ceil(days / 4)) FROM e`,
};

function answerOf(name, rows) {
  if (name !== 'crossed') return rows[0].map((value) => Number(value ?? 0));
  const cells = new Array(60).fill(0);
  for (const [country, sex, people] of rows) cells[(country - 7) * 2 + (sex - 2)] = Number(people);
  return cells;
}

async function loadDuckdb(csv, file) {
  const instance = await DuckDBInstance.create(file, { threads: String(threads) });
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE facts AS SELECT participant::UINTEGER participant, concept::USMALLINT concept, kind::UTINYINT kind, status::UTINYINT status,
    first_day::INTEGER first_day, last_day::INTEGER last_day, number::DOUBLE number, unit::UTINYINT unit, "value"::USMALLINT AS "value", "source"::UTINYINT AS "source"
    FROM read_csv('${csv}', header = true) ORDER BY concept, participant`);
  await connection.run('CREATE TABLE people AS SELECT participant, max("value") FILTER (concept = 6) AS country, max("value") FILTER (concept = 1) AS sex FROM facts WHERE kind = 1 GROUP BY participant ORDER BY participant');
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
}

/** Its own process, as ours: from nothing open to the first answer. */
function duckdbFirst(file) {
  const script = `import { DuckDBInstance } from ${JSON.stringify(String(pathToFileURL(require.resolve('@duckdb/node-api'))))};
    const begun = performance.now();
    const c = await (await DuckDBInstance.create(${JSON.stringify(file)}, { threads: '${threads}', access_mode: 'READ_ONLY' })).connect();
    const rows = (await c.runAndReadAll(${JSON.stringify(questions.count)})).getRows();
    console.log(JSON.stringify({ first_answer_ms: performance.now() - begun, answer: [Number(rows[0][0])] }));`;
  return json(process.execPath, '--input-type=module', '-e', script);
}

/** Nothing of the files in memory, where the machine lets us. */
function forget() {
  spawnSync('sync');
  try { writeFileSync('/proc/sys/vm/drop_caches', '3'); return true; } catch { return false; }
}

async function timeDuckdb(file, runs) {
  const instance = await DuckDBInstance.create(file, { threads: String(threads), access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const out = {};
  for (const [name, sql] of Object.entries(questions)) {
    const prepared = await connection.prepare(sql);
    let rows;
    const times = [];
    for (let run = 0; run < runs; run++) {
      const begun = performance.now();
      rows = (await prepared.runAndReadAll()).getRows();
      times.push(performance.now() - begun);
    }
    out[name] = { ms: median(times), best_ms: Math.min(...times), answer: answerOf(name, rows) };
  }
  connection.closeSync();
  instance.closeSync();
  return out;
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

async function measure(participants) {
  const folder = join(work, `registry-${participants}`), csv = join(work, `registry-${participants}.csv`), file = join(work, `registry-${participants}.duckdb`);
  rmSync(folder, { recursive: true, force: true });
  rmSync(file, { force: true });
  mkdirSync(work, { recursive: true });
  say(`${participants} participants: into a ledger, durable, and as CSV`);
  const made = json(join(build, 'bench/make_registry'), folder, String(participants), csv, factsEach);
  say(`  ${made.facts} facts, ${made.facts_a_second} facts/s (with the CSV beside it); into DuckDB, sorted by concept`);
  await loadDuckdb(csv, file);
  rmSync(csv);
  say('  the index is made from the ledger');
  const begun = performance.now();
  json(join(build, 'bench/engine_timing'), folder, 'first');
  const indexMs = performance.now() - begun;
  const runs = Number(wantedRuns);
  say('  questions');
  const duck = await timeDuckdb(file, runs);
  const engine = json(join(build, 'bench/engine_timing'), folder, String(runs), String(threads));
  for (const name of Object.keys(questions)) {
    if (!same(engine[name].answer, duck[name].answer)) throw new Error(`${name}: the answers differ\n  engine ${engine[name].answer}\n  DuckDB ${duck[name].answer}`);
  }
  say('  from nothing open to the first answer');
  const first = { forgotten: false, engine: [], duck: [], engine_opening: [] };
  for (let run = 0; run < 5; run++) {
    first.forgotten = forget();
    const e = json(join(build, 'bench/engine_timing'), folder, 'first');
    forget();
    const d = duckdbFirst(file);
    if (!same(e.answer, d.answer)) throw new Error('the first answers differ');
    first.engine.push(e.first_answer_ms);
    first.engine_opening.push(e.open_ms);
    first.duck.push(d.first_answer_ms);
  }
  const bytes = { index: sizeOf(join(folder, 'index')), duckdb: sizeOf(file), ledger: sizeOf(join(folder, 'ledger.sqlite')) };
  for (const path of [folder, file]) rmSync(path, { recursive: true });
  return { participants, facts: made.facts, load: made.facts_a_second, index_ms: indexMs, engine, duck, bytes,
    first: { forgotten: first.forgotten, engine_ms: median(first.engine), engine_open_ms: median(first.engine_opening), duck_ms: median(first.duck) } };
}

const goals = { count: 300, crossed: 100, later: 30 };
const words = { count: 'count with closure', crossed: 'boolean cohort by country and sex', later: 'time from index to first later event' };

function table(result) {
  say(`\n${result.participants.toLocaleString('en')} participants, ${result.facts.toLocaleString('en')} facts, ${threads} threads`);
  say('| work | Skerry, ms | DuckDB, ms | ratio | goal |\n|---|---|---|---|---|');
  for (const name of Object.keys(questions)) {
    say(`| ${words[name]} | ${result.engine[name].ms.toFixed(3)} | ${result.duck[name].ms.toFixed(2)} | ${(result.duck[name].ms / result.engine[name].ms).toFixed(1)} | ${goals[name]} |`);
  }
  const first = result.first;
  say(`| from nothing open to the first answer${first.forgotten ? ', files not in memory' : ', files in memory'} | ${first.engine_ms.toFixed(1)} (of it opening ${first.engine_open_ms.toFixed(1)}) | ${first.duck_ms.toFixed(1)} | ${(first.duck_ms / first.engine_ms).toFixed(2)} | above 1 |`);
  say(`| bytes a fact on disk | ${(result.bytes.index / result.facts).toFixed(2)} | ${(result.bytes.duckdb / result.facts).toFixed(2)} | ${(result.bytes.duckdb / result.bytes.index).toFixed(2)} | at least 1, and at most 8 bytes |`);
  const bandwidth = result.engine.bytes_a_second;
  say(`Memory reads ${(bandwidth / 1e9).toFixed(1)} GB/s here: a set of all people (${Math.ceil(result.participants / 8).toLocaleString('en')} bytes) takes ${((result.participants / 8 / bandwidth) * 1e6).toFixed(1)} µs, the whole index ${((result.bytes.index / bandwidth) * 1e3).toFixed(1)} ms.`);
  say(`Index made in ${(result.index_ms / 1000).toFixed(1)} s; the ledger took ${result.load.toLocaleString('en')} facts/s.`);
}

const results = [];
for (const size of sizes.split(',').map(Number)) {
  results.push(await measure(size));
  table(results.at(-1));
}
mkdirSync(work, { recursive: true });
writeFileSync(join(work, 'engine.json'), `${JSON.stringify(results, null, 1)}\n`);
say(`\nWritten to ${join('build/bench', 'engine.json')}`);
