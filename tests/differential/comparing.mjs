// Asks the engine and DuckDB the same random questions: node comparing.mjs ENGINE_ANSWERS [STUDIES] [SEED]
// Prints the seed; a difference is made small and written to build/fuzz/found/differential as a case for tests/engine/found/.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Question, followSql, tablesOf, variableSql } from './question_sql.mjs';
import { Dice, randomScene, randomStudy } from './random_scene.mjs';
import { caseText, sceneText } from './scene_text.mjs';

const studiesAScene = 25;
const found = fileURLToPath(new URL('../../build/fuzz/found/differential', import.meta.url));

async function duckdb() {
  try {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    return await instance.connect();
  } catch (error) {
    console.log(`SKIPPED: DuckDB cannot be loaded (npm --prefix tests/differential ci): ${error.message.split('\n')[0]}`);
    console.log('# skipped 1');
    process.exit(0);
  }
}

const linesOf = (study) => ['people', 'unsure', ...(study.by ? ['group'] : []),
  ...(study.statistic.type === 'proportion' ? study.statistic.of.map(() => 'answers') : []), ...(study.statistic.type === 'kaplan_meier' ? ['follow'] : []),
  ...(study.statistic.type === 'mean' ? ['outcome'] : [])];

/** What DuckDB says, line by line as the engine would. */
async function asked(connection, study) {
  const question = new Question();
  const columns = [`${question.truth(study.cohort)} AS member`];
  if (study.by) columns.push(`${question.group(study.by)} AS g`);
  const items = study.statistic.type === 'proportion' ? study.statistic.of : [];
  items.forEach((item, i) => columns.push(`${question.answer(item)} AS a${i}`));
  const rows = (await connection.runAndReadAll(question.select(columns))).getRowObjects();
  const members = rows.filter((row) => row.member === true);
  const out = [['people', members.map((row) => row.person).join(' ')], ['unsure', rows.filter((row) => row.member === null).map((row) => row.person).join(' ')]];
  const column = (key) => members.map((row) => `${row.person}=${row[key]}`).join(' ');
  if (study.by) out.push(['group', column('g')]);
  items.forEach((_, i) => out.push(['answers', column(`a${i}`)]));
  if (study.statistic.type === 'kaplan_meier') {
    const follow = new Map((await connection.runAndReadAll(followSql(study.statistic))).getRows().map(([person, word]) => [person, word]));
    out.push(['follow', members.map((row) => `${row.person}=${follow.get(row.person)}`).join(' ')]);
  }
  if (study.statistic.type === 'mean') {
    const rows = (await connection.runAndReadAll(variableSql(study.statistic.outcome))).getRows();
    out.push(['outcome', rows.map(([person, number]) => `${person}=${number ?? '-'}`).join(' ')]);
  }
  return out;
}

const numbers = (text) => text.split(' ').filter(Boolean).map(Number);

/** What the engine says: for each study a list of [line, text], or an error. */
function answered(program, folder, scene, studies) {
  const file = join(folder, 'asked.test');
  const wanted = (study) => linesOf(study).flatMap((line) => (line === 'unsure' ? [['undecided', ''], ['undated', '']] : [[line, '']]));
  writeFileSync(file, sceneText(scene) + studies.map((study, i) => caseText(`study${i}`, study, wanted(study))).join(''));
  const answers = studies.map(() => []);
  for (const line of execFileSync(program, [file], { encoding: 'utf8', maxBuffer: 1 << 28 }).split('\n').filter(Boolean)) {
    const [name, what, text] = line.split('\t');
    answers[Number(name.slice('study'.length))].push([what, text]);
  }
  return answers.map((lines) => {
    const undecided = lines.filter(([what]) => what === 'undecided' || what === 'undated').flatMap(([, text]) => (text === '(nothing)' ? [] : numbers(text)));
    const out = lines.filter(([what]) => what !== 'undecided' && what !== 'undated').map(([what, text]) => [what, text === '(nothing)' ? '' : text]);
    if (out[0]?.[0] !== 'error') out.splice(1, 0, ['unsure', undecided.sort((a, b) => a - b).join(' ')]);
    return out;
  });
}

async function load(connection, scene) { for (const sql of tablesOf(scene)) await connection.run(sql); }

const refused = (answer) => answer[0]?.[0] === 'error' && /Nobody can be in this|No number can be|no date is between|no time is between|The event is the index event/.test(answer[0][1]);

/** Two words "PERSON=NUMBER" whose numbers differ by the rounding of a conversion at most. */
function near(word, other) {
  const [person, number] = word.split('='), [otherPerson, otherNumber] = other.split('=');
  const [a, b] = [Number(number), Number(otherNumber)];
  return person === otherPerson && Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

/** Equal but for people of whom the question in SQL does not say. */
function equal(engine, duck) {
  return engine.length === duck.length && engine.every(([what, text], i) => {
    if (what !== duck[i][0]) return false;
    if (what !== 'follow' && what !== 'outcome') return text === duck[i][1];
    const words = text.split(' '), others = duck[i][1].split(' ');
    return words.length === others.length && words.every((word, j) => word === others[j] || others[j].endsWith('=which') || near(word, others[j]));
  });
}

async function differs(connection, program, folder, scene, study) {
  const [engine] = answered(program, folder, scene, [study]);
  if (refused(engine)) return null;
  await load(connection, scene);
  const duck = await asked(connection, study);
  return equal(engine, duck) ? null : { engine, duck };
}

/** Leaves out people, facts and parts of the study as long as the answers still differ. */
async function smaller(connection, program, folder, scene, study) {
  let best = { scene, study };
  const tryOut = async (nextScene, nextStudy) => {
    try {
      if (!(await differs(connection, program, folder, nextScene, nextStudy))) return false;
      best = { scene: nextScene, study: nextStudy };
      return true;
    } catch { return false; }
  };
  for (const person of scene.people) {
    const alone = { ...scene, people: [person], facts: scene.facts.filter((fact) => fact.person === person) };
    if (await tryOut(alone, study)) break;
  }
  for (let again = true; again;) {
    again = false;
    for (const fact of best.scene.facts) {
      const facts = best.scene.facts.filter((other) => other !== fact).map((other) => (other.partOf === fact.id ? { ...other, partOf: null } : other));
      if (await tryOut({ ...best.scene, facts }, best.study)) { again = true; break; }
    }
    if (!again) for (const next of simpler(best.study)) if (await tryOut(best.scene, next)) { again = true; break; }
  }
  return best;
}

function* simpler(study) {
  if (study.by && study.statistic.type !== 'rank_test') { const { by, ...rest } = study; yield rest; }
  if (study.statistic.type !== 'count') yield { ...study, statistic: { type: 'count' } };
  if (!study.cohort.everyone) yield { ...study, cohort: { everyone: true } };
  for (const cohort of simplerConditions(study.cohort)) yield { ...study, cohort };
  if (study.by?.groups?.length > 1) for (const group of study.by.groups) yield { ...study, by: { groups: [group] } };
}

function* simplerConditions(condition) {
  const list = condition.all ?? condition.any ?? (condition.not ? [condition.not].flat() : []);
  yield* list;
  const key = ['all', 'any', 'not'].find((name) => condition[name]);
  if (key) for (let i = 0; i < list.length; i++) {
    if (list.length > 1) yield { [key]: list.filter((_, j) => j !== i) };
    for (const part of simplerConditions(list[i])) yield { [key]: list.map((other, j) => (j === i ? part : other)) };
  } else for (const name of Object.keys(condition)) if (name !== 'code') { const { [name]: gone, ...rest } = condition; yield rest; }
}

async function report(connection, program, folder, scene, study, seed, number) {
  const small = await smaller(connection, program, folder, scene, study);
  const { engine, duck } = (await differs(connection, program, folder, small.scene, small.study)) ?? { engine: [], duck: [] };
  const name = `seed_${seed}_study_${number}`;
  const expected = duck.map(([what, text]) => [what === 'unsure' ? '# undecided, by either list:' : what, text]);
  const text = `# The differential fuzzer, seed ${seed}: DuckDB's answer stands here; decide who is right before keeping it.\n${sceneText(small.scene)}${caseText(name, small.study, expected)}`;
  mkdirSync(found, { recursive: true });
  writeFileSync(join(found, `${name}.test`), text);
  console.log(`DIFFERENCE with seed ${seed}, study ${number}\n${text}`);
  for (const [what, words] of engine) console.log(`  the engine says ${what}: ${words}`);
}

const [program, wanted = '300', from = String(Date.now() % 1000000)] = process.argv.slice(2);
const connection = await duckdb();
const folder = mkdtempSync(join(tmpdir(), 'skerry-differential-'));
let studies = 0, compared = 0, differences = 0, scenes = 0;
const begun = Date.now();
try {
  for (; studies < Number(wanted) && differences < 5; scenes++) {
    const seed = Number(from) + scenes;
    const dice = new Dice(seed * 2654435761);
    const scene = randomScene(dice, seed % 2 === 0);
    const asking = Array.from({ length: Math.min(studiesAScene, Number(wanted) - studies) }, () => randomStudy(dice, scene));
    const engine = answered(program, folder, scene, asking);
    await load(connection, scene);
    for (const [i, study] of asking.entries()) {
      studies++;
      if (refused(engine[i])) continue;
      const duck = await asked(connection, study);
      compared++;
      if (equal(engine[i], duck)) continue;
      differences++;
      await report(connection, program, folder, scene, study, seed, i);
      await load(connection, scene);
    }
    if (scenes % 20 === 19) console.log(`${studies} studies, ${differences} differences, ${Math.round((Date.now() - begun) / 1000)} s`);
  }
} finally { rmSync(folder, { recursive: true }); }
console.log(`${compared} of ${studies} studies compared (the others were refused as asking for nobody), seeds ${from} to ${Number(from) + scenes - 1}: ${differences} differences`);
console.log(`# pass ${compared - differences}\n# fail ${differences}`);
process.exit(differences === 0 ? 0 : 1);
