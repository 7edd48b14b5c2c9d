// The same question in SQL: three-valued logic is SQL's own, is-a is a recursive query, times are ranges of sixteenths of a day.

const day = 16;
const quote = (text) => `'${text.replaceAll("'", "''")}'`;
const or = (value, otherwise) => (value === null || value === undefined ? otherwise : value);

// --- facts as rows ---

const dayOf = (year, month, date) => Math.round(Date.UTC(year, month - 1, date) / 86400000);

/** [axis, first tick, last tick as it is told] of a moment; null when nothing can be calculated with it. */
function rangeOf(moment) {
  const age = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/.exec(moment);
  if (age) {
    const units = [365.25 * day, 30.4375 * day, 7 * day, day];
    const told = age.slice(1);
    const length = told.reduce((sum, n, i) => sum + (n ? Number(n) * units[i] : 0), 0);
    const finest = units[told.reduce((last, n, i) => (n !== undefined ? i : last), 0)];
    return ['age', length, length + finest];
  }
  const date = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?$/.exec(moment);
  if (!date) return null;
  const [year, month, dayOfMonth] = date.slice(1).map((n) => (n === undefined ? undefined : Number(n)));
  if (dayOfMonth) return ['date', dayOf(year, month, dayOfMonth) * day, dayOf(year, month, dayOfMonth) * day];
  if (month) return ['date', dayOf(year, month, 1) * day, (dayOf(year, month + 1, 1) - 1) * day];
  return ['date', dayOf(year, 1, 1) * day, (dayOf(year + 1, 1, 1) - 1) * day];
}

function spanOf(when) {
  if (!when || when.kind === 'before' || when.kind === 'after') return null;
  const first = rangeOf(when.first);
  if (when.kind === 'at' || !first) return first;
  const last = rangeOf(when.last);
  if (!last || first[0] !== last[0] || last[2] < first[1]) return null;
  return [first[0], first[1], last[2]];
}

const cell = (value) => (value === null || value === undefined ? 'NULL' : typeof value === 'number' ? String(value) : quote(value));

function rowOf(fact) {
  const span = or(spanOf(fact.when), [null, null, null]);
  const value = or(fact.value, {});
  return `(${[fact.id, fact.person, fact.kind, fact.code, fact.status, or(value.kind, 'none'), value.code, value.number, or(value.unit, ''), ...span,
    fact.site, or(fact.side, 'unknown'), fact.source, fact.partOf].map(cell).join(',')})`;
}

export function tablesOf(scene) {
  const terms = [...scene.terms, ...scene.sites, ...scene.values];
  const names = terms.flatMap((term) => [[term.id, term.id], ...term.also.map((id) => [id, term.id]), ...term.old.map((id) => [id, term.id])]);
  const edges = terms.flatMap((term) => term.parents.map((parent) => [term.id, parent]));
  const rows = (pairs) => pairs.map((pair) => `(${pair.map(cell).join(',')})`).join(',');
  return [
    'CREATE OR REPLACE TABLE name(id VARCHAR, term VARCHAR)', `INSERT INTO name VALUES ${rows(names)}`,
    'CREATE OR REPLACE TABLE edge(child VARCHAR, parent VARCHAR)', ...(edges.length ? [`INSERT INTO edge VALUES ${rows(edges)}`] : []),
    `CREATE OR REPLACE TABLE below AS WITH RECURSIVE b(descendant, ancestor) AS (SELECT DISTINCT term, term FROM name UNION
       SELECT b.descendant, e.parent FROM b JOIN edge e ON e.child = b.ancestor) SELECT * FROM b`,
    'CREATE OR REPLACE TABLE people(person INTEGER)', `INSERT INTO people VALUES ${scene.people.map((p) => `(${p})`).join(',')}`,
    `CREATE OR REPLACE TABLE told(id INTEGER, person INTEGER, kind VARCHAR, code VARCHAR, status VARCHAR, vkind VARCHAR, vcode VARCHAR, number DOUBLE,
       unit VARCHAR, axis VARCHAR, low BIGINT, high BIGINT, site VARCHAR, side VARCHAR, source VARCHAR, part_of INTEGER)`,
    ...(scene.facts.length ? [`INSERT INTO told VALUES ${scene.facts.map(rowOf).join(',')}`] : []),
    // "last": an age told in years lasts until just before the next one.
    `CREATE OR REPLACE TABLE facts AS SELECT t.* REPLACE (coalesce(c.term, t.code) AS code, coalesce(v.term, t.vcode) AS vcode, coalesce(s.term, t.site) AS site),
       CASE WHEN axis = 'age' AND high > low THEN high - 1 ELSE high END AS last FROM told t
       LEFT JOIN name c ON c.id = t.code LEFT JOIN name v ON v.id = t.vcode LEFT JOIN name s ON s.id = t.site`,
    `CREATE OR REPLACE TABLE birth AS SELECT person, low, high FROM (SELECT person, arg_max(number, id)::INTEGER AS year FROM facts
       WHERE kind = 'person' AND code = 'skerry:birth-year' AND status = 'present' GROUP BY person) y,
       LATERAL (SELECT (make_date(year, 1, 1) - DATE '1970-01-01') * ${day} AS low, (make_date(year, 12, 31) - DATE '1970-01-01') * ${day} AS high)`,
    'CREATE OR REPLACE MACRO live(x) AS coalesce((SELECT term FROM name WHERE id = x), x)',
    'CREATE OR REPLACE MACRO isa(a, b) AS (a = b OR EXISTS (SELECT 1 FROM below WHERE descendant = a AND ancestor = b))',
  ];
}

// --- conditions ---

const metres = { mm: 0.001, cm: 0.01, m: 1 };
const grams = { g: 1, kg: 1000 };

/** SQL: the fact's number in `unit`; NULL when it has none that converts. */
function numberIn(unit) {
  if (!unit) return "CASE WHEN f.vkind = 'integer' OR (f.vkind = 'number' AND f.unit = '') THEN f.number END";
  const name = unit.replace('UCUM:', '');
  const family = name in metres ? metres : grams;
  const cases = Object.entries(family).map(([from, size]) => `WHEN '${from}' THEN f.number * ${Number((size / family[name]).toPrecision(12))}`);
  return `CASE WHEN f.vkind = 'number' THEN CASE f.unit ${cases.join(' ')} END END`;
}

/** SQL: whether the value is as asked; NULL when it cannot be compared. */
function valueSql(value, exact) {
  if (!value) return 'true';
  if (value.code) {
    const same = exact ? `f.vcode = live(${quote(value.code)})` : `isa(f.vcode, live(${quote(value.code)}))`;
    return `CASE WHEN f.vkind = 'code' THEN ${same} END`;
  }
  const number = numberIn(value.unit);
  const signs = { equal: '=', less: '<', at_most: '<=', greater: '>', at_least: '>=' };
  const parts = Object.entries(value).filter(([key]) => key !== 'unit').map(([key, limit]) =>
    key === 'between' ? `(${number}) BETWEEN ${limit[0]} AND ${limit[1]}` : `(${number}) ${signs[key]} ${limit}`);
  return `CASE WHEN (${number}) IS NOT NULL THEN ${parts.join(' AND ')} END`;
}

const sides = (side) => [side, ...(side === 'left' || side === 'right' ? ['both'] : [])].map(quote).join(',');

/** SQL: rows (id, person, axis, low, high, last, part_of, said) of what facts say about a leaf: 'p' present, 'a' absent, 'o' with another value. */
export function saidSql(leaf, anyPlace = false) {
  const code = `live(${quote(leaf.code)})`;
  const below = leaf.exact ? `f.code = ${code}` : `isa(f.code, ${code})`;
  const above = leaf.exact ? `f.code = ${code}` : `isa(${code}, f.code)`;
  const site = leaf.site && `live(${quote(leaf.site)})`;
  const presentPlace = [site && `(f.site IS NOT NULL AND isa(f.site, ${site}))`, leaf.side && `f.side IN (${sides(leaf.side)})`].filter(Boolean);
  const absentPlace = [site ? `(f.site IS NULL OR isa(${site}, f.site))` : 'f.site IS NULL',
    leaf.side ? `f.side IN (${sides(leaf.side)}, 'unknown')` : "f.side IN ('unknown', 'both')"];
  const filters = [leaf.kind && `f.kind = ${quote(leaf.kind)}`, leaf.source && `f.source IN (${[leaf.source].flat().map(quote).join(',')})`].filter(Boolean);
  const both = (list) => (list.length && !anyPlace ? list.join(' AND ') : 'true');
  return `SELECT f.id, f.person, f.axis, f.low, f.high, f.last, f.part_of, CASE
      WHEN f.status = 'present' AND ${below} AND ${both(presentPlace)} THEN CASE (${valueSql(leaf.value, leaf.exact)}) WHEN true THEN 'p' WHEN false THEN 'o' END
      WHEN f.status = 'absent' AND ${above} AND ${both(absentPlace)} THEN 'a' END AS said
    FROM facts f WHERE ${filters.length ? filters.join(' AND ') : 'true'}`;
}

/** SQL: ranges a and b known, brought onto one clock by the year of birth where need be, and without a day in common. */
const apart = `coalesce(CASE
    WHEN a.axis = b.axis THEN a.last < b.low OR b.last < a.low
    WHEN a.axis = 'age' THEN (birth.high + a.last < b.low OR b.last < birth.low + a.low)
    ELSE (a.last < birth.low + b.low OR birth.high + b.last < a.low) END, false)`;

/** SQL of a table (person, answer). */
function answersSql(leaf) {
  return `WITH s AS MATERIALIZED (SELECT * FROM (${saidSql(leaf)}) WHERE said IS NOT NULL),
      clash AS (SELECT DISTINCT a.person FROM s a JOIN s b ON a.person = b.person AND a.said = 'p' AND b.said = 'a'
        LEFT JOIN birth ON birth.person = a.person WHERE NOT ${apart})
    SELECT p.person, CASE WHEN p.person IN (SELECT person FROM clash) THEN 'contradictory'
        WHEN EXISTS (SELECT 1 FROM s WHERE s.person = p.person AND said = 'p') THEN 'present'
        WHEN EXISTS (SELECT 1 FROM s WHERE s.person = p.person) THEN 'absent' ELSE 'not_recorded' END AS answer FROM people p`;
}

/** Collects the leaves of a question as common table expressions. */
export class Question {
  constructor() { this.leaves = []; }
  answer(leaf) {
    this.leaves.push(answersSql(leaf));
    return `l${this.leaves.length - 1}.answer`;
  }
  truth(condition) {
    if (condition.everyone) return 'true';
    const parts = (list, word) => `(${list.map((part) => this.truth(part)).join(` ${word} `)})`;
    if (condition.all) return parts(condition.all, 'AND');
    if (condition.any) return parts(condition.any, 'OR');
    if (condition.not) return `(NOT ${parts([condition.not].flat(), 'OR')})`;
    const answer = this.answer(condition);
    const status = or(condition.status, 'present');
    if (status === 'recorded') return `(${answer} <> 'not_recorded')`;
    if (status === 'not_recorded') return `(${answer} = 'not_recorded')`;
    return `(CASE WHEN ${answer} = 'contradictory' THEN NULL ELSE ${answer} = '${status}' END)`;
  }
  group(by) {
    const groups = by.groups ? by.groups : by.values.map((value) => ({ id: value, code: by.code, exact: by.exact, kind: by.kind, value: { code: value } }));
    const truths = groups.map((group) => this.truth(group));
    const count = truths.map((truth) => `coalesce((${truth})::INTEGER, 2)`).join(' + ');
    const names = truths.map((truth, i) => `WHEN (${truth}) THEN ${quote(groups[i].id)}`).join(' ');
    return `CASE WHEN ${count} = 0 THEN 'none' WHEN ${count} > 1 THEN 'several' ${names} END`;
  }
  /** SELECT with the given named columns over the people. */
  select(columns) {
    const ctes = this.leaves.map((sql, i) => `l${i} AS MATERIALIZED (${sql})`);
    const joins = this.leaves.map((_, i) => `JOIN l${i} USING (person)`);
    return `${ctes.length ? `WITH ${ctes.join(',\n')}` : ''} SELECT p.person, ${columns.join(', ')} FROM people p ${joins.join(' ')} ORDER BY p.person`;
  }
}

/** SQL of a table (person, follow, step). */
export function followSql(statistic) {
  const step = { day: 1, week: 7, month: 30.4375, year: 365.25 }[statistic.unit] * or(statistic.step, 1) * day;
  const last = statistic.horizon / or(statistic.step, 1);
  const order = 'ORDER BY low, high, id';
  const first = (said) => `SELECT person, count(*) AS n, count(axis) AS known, min(axis) AS least_axis, max(axis) AS axis, first(id ${order}) AS id,
      first(low ${order}) AS low, first(high ${order}) AS high FROM ${said} GROUP BY person`;
  const linked = statistic.of_index ? 'WHERE s.part_of = i.id' : '';
  return `WITH i AS (${first(`(${saidSql(statistic.index)}) WHERE said = 'p'`)}),
      s AS MATERIALIZED (${saidSql(statistic.event, statistic.of_index === true)}),
      mine AS (SELECT s.* FROM s JOIN i ON s.person = i.person ${linked}),
      e AS (${first("mine WHERE said = 'p'")}),
      c AS (SELECT person, arg_max(axis, high) AS axis, arg_max(low, high) AS low, max(high) AS high FROM mine WHERE said = 'a' GROUP BY person),
      reach AS (SELECT i.person, i.n = i.known AND i.least_axis = i.axis AS told, i.axis AS i_axis, i.low AS i_low, i.high AS i_high, e.person IS NOT NULL AS happened,
          c.person IS NOT NULL AS looked, CASE WHEN e.person IS NOT NULL THEN e.n = e.known AND e.least_axis = e.axis ELSE c.axis IS NOT NULL END AS ended,
          coalesce(e.axis, c.axis) AS axis, coalesce(e.low, c.low) AS low, coalesce(e.high, c.high) AS high
        FROM i LEFT JOIN e USING (person) LEFT JOIN c USING (person)),
      clock AS (SELECT r.* REPLACE (
          CASE WHEN r.axis <> r.i_axis AND r.axis = 'age' THEN b.low + r.low ELSE r.low END AS low,
          CASE WHEN r.axis <> r.i_axis AND r.axis = 'age' THEN b.high + r.high - 1 ELSE r.high END AS high,
          CASE WHEN r.axis <> r.i_axis AND r.i_axis = 'age' THEN b.low + r.i_low ELSE r.i_low END AS i_low,
          CASE WHEN r.axis <> r.i_axis AND r.i_axis = 'age' THEN b.high + r.i_high - 1 ELSE r.i_high END AS i_high) FROM reach r LEFT JOIN birth b USING (person)),
      time AS (SELECT *, low - i_high AS least, high - i_low AS most FROM clock)
    SELECT p.person, CASE WHEN t.person IS NULL THEN 'no_index' WHEN NOT told THEN 'undecidable' WHEN NOT happened AND NOT looked THEN 'not_recorded'
        WHEN NOT coalesce(ended, false) OR least IS NULL OR most IS NULL OR most < 0 OR most - least > ${step} THEN 'undecidable'
        WHEN ceil(greatest(0, (least + most) / 2) / ${step}) > ${last} THEN 'censored@${last}'
        ELSE CASE WHEN happened THEN 'event@' ELSE 'censored@' END || ceil(greatest(0, (least + most) / 2) / ${step})::INTEGER END AS follow
      FROM people p LEFT JOIN time t USING (person) ORDER BY p.person`;
}
