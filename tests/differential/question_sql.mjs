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

const daysOf = (duration) => {
  const [, years = 0, months = 0, weeks = 0, days = 0] = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/.exec(duration);
  return (years * 365.25 + months * 30.4375 + weeks * 7 + Number(days)) * day;
};

/** SQL: whether fact f lies to fact o as the relation says; both known to the day. */
function relationSql(relation) {
  if (relation.during) return 'f.low >= o.low AND f.last <= o.last';
  const gap = relation.before ? 'o.low - f.low' : relation.after ? 'f.low - o.low' : 'abs(f.low - o.low)';
  const least = relation.within ? 0 : relation.at_least ? daysOf(relation.at_least) : 0;
  return `${gap} >= ${least}${relation.at_most ? ` AND ${gap} <= ${daysOf(relation.at_most)}` : ''}`;
}

/** The rows of saidSql that are dated so, then the picked ones, then those that lie in time to others as asked. Dates are known to the day. */
function rowsSql(leaf) {
  const limits = ["f.said IS NOT NULL", leaf.from && `f.last >= ${spanOf({ kind: 'at', first: leaf.from })[1]}`, leaf.to && `f.low <= ${spanOf({ kind: 'at', first: leaf.to })[2]}`];
  const dated = `SELECT * FROM (${saidSql(leaf)}) f WHERE ${limits.filter(Boolean).join(' AND ')}`;
  const edge = leaf.pick === 'last' ? 'max' : 'min';
  const picked = leaf.pick && leaf.pick !== 'any' ? `SELECT * FROM (${dated}) f QUALIFY said <> 'p' OR low = ${edge}(CASE WHEN said = 'p' THEN low END) OVER (PARTITION BY person)` : dated;
  return [leaf.when ?? []].flat().reduce((rows, relation) => {
    const other = relation.after ?? relation.before ?? relation.within ?? relation.during;
    return `SELECT f.* FROM (${rows}) f WHERE EXISTS (SELECT 1 FROM (${rowsSql(other)}) o WHERE o.person = f.person AND o.said = 'p' AND o.id <> f.id AND ${relationSql(relation)})`;
  }, picked);
}

/** SQL of a table (person, answer). */
function answersSql(leaf) {
  if (leaf.times) return countedSql(leaf);
  return `WITH s AS MATERIALIZED (${rowsSql(leaf)}),
      clash AS (SELECT DISTINCT a.person FROM s a JOIN s b ON a.person = b.person AND a.said = 'p' AND b.said = 'a'
        LEFT JOIN birth ON birth.person = a.person WHERE NOT ${apart})
    SELECT p.person, CASE WHEN p.person IN (SELECT person FROM clash) THEN 'contradictory'
        WHEN EXISTS (SELECT 1 FROM s WHERE s.person = p.person AND said = 'p') THEN 'present'
        WHEN EXISTS (SELECT 1 FROM s WHERE s.person = p.person) THEN 'absent' ELSE 'not_recorded' END AS answer FROM people p`;
}

/** On how many different days; else as not present. */
function countedSql(leaf) {
  const { times, ...rest } = leaf;
  const days = `(SELECT count(DISTINCT low) FROM (${rowsSql(rest)}) s WHERE s.person = a.person AND said = 'p')`;
  const enough = `${days} >= ${times.at_least ?? 1}${times.at_most ? ` AND ${days} <= ${times.at_most}` : ''}`;
  return `SELECT a.person, CASE WHEN NOT (${enough}) THEN 'absent' ELSE a.answer END AS answer FROM (${answersSql(rest)}) a`;
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

/** SQL of a table (person, number): a variable of a person, NULL when not recorded. */
export function variableSql(variable) {
  const rows = `(SELECT * FROM (${rowsSql(variable.count ?? variable.value)}) WHERE said = 'p')`;
  if (variable.count) return `SELECT p.person, count(DISTINCT r.low)::DOUBLE AS number FROM people p LEFT JOIN ${rows} r USING (person) GROUP BY p.person ORDER BY p.person`;
  const aggregate = { lowest: 'min', highest: 'max', mean: 'avg' }[variable.which];
  return `SELECT p.person, ${aggregate}(${numberIn(variable.unit)}) AS number FROM people p LEFT JOIN ${rows} r USING (person) LEFT JOIN facts f ON f.id = r.id
    GROUP BY p.person ORDER BY p.person`;
}

/** SQL: of the rows of each person the first (or last) moment: it lies between the least of their beginnings and the least of their ends. */
function edgeSql(rows, last) {
  const [low, high] = last ? ['max', 'max'] : ['min', 'min'];
  return `SELECT r.person, count(*) AS n, min(r.id) AS id, count(*) = count(r.axis) AND (min(r.axis) = max(r.axis) OR count(b.person) = count(*)) AS certain,
      CASE WHEN min(r.axis) = max(r.axis) THEN min(r.axis) ELSE 'date' END AS axis,
      CASE WHEN min(r.axis) = max(r.axis) THEN ${low}(r.low) ELSE ${low}(CASE WHEN r.axis = 'age' THEN b.low + r.low ELSE r.low END) END AS low,
      CASE WHEN min(r.axis) = max(r.axis) THEN ${high}(r.high) ELSE ${high}(CASE WHEN r.axis = 'age' THEN b.high + r.last ELSE r.high END) END AS high
    FROM ${rows} r LEFT JOIN birth b USING (person) GROUP BY r.person`;
}

/** SQL of a table (person, follow); "which" where it cannot be said which of several index facts an event belongs to. */
export function followSql(statistic) {
  const step = { day: 1, week: 7, month: 30.4375, year: 365.25 }[statistic.unit] * or(statistic.step, 1) * day;
  const last = statistic.horizon / or(statistic.step, 1);
  const linked = statistic.of_index ? 'WHERE s.part_of = i.id' : '';
  const onClock = (axis, other, low, high) => `CASE WHEN ${axis} <> ${other} AND ${axis} = 'age' THEN b.low + ${low} ELSE ${low} END AS ${low.replace('r.', '')},
          CASE WHEN ${axis} <> ${other} AND ${axis} = 'age' THEN b.high + ${high} - 1 ELSE ${high} END AS ${high.replace('r.', '')}`;
  return `WITH i AS (${edgeSql(`(SELECT * FROM (${saidSql(statistic.index)}) WHERE said = 'p')`, false)}),
      s AS MATERIALIZED (${saidSql(statistic.event, statistic.of_index === true)}),
      mine AS (SELECT s.* FROM s JOIN i ON s.person = i.person ${linked}),
      e AS (${edgeSql("(SELECT * FROM mine WHERE said = 'p')", false)}),
      looked AS (SELECT DISTINCT person FROM mine WHERE said = 'a'),
      c AS (${edgeSql("(SELECT * FROM mine WHERE said = 'a' AND axis IS NOT NULL)", true)}),
      reach AS (SELECT i.person, i.n AS starts, i.certain AS told, i.axis AS i_axis, i.low AS i_low, i.high AS i_high, e.person IS NOT NULL AS happened,
          l.person IS NOT NULL AS looked, CASE WHEN e.person IS NOT NULL THEN e.certain ELSE coalesce(c.certain, false) END AS ended,
          CASE WHEN e.person IS NOT NULL THEN e.axis ELSE c.axis END AS axis, CASE WHEN e.person IS NOT NULL THEN e.low ELSE c.low END AS low,
          CASE WHEN e.person IS NOT NULL THEN e.high ELSE c.high END AS high
        FROM i LEFT JOIN e USING (person) LEFT JOIN c USING (person) LEFT JOIN looked l USING (person)),
      clock AS (SELECT r.* EXCLUDE (low, high, i_low, i_high), ${onClock('r.axis', 'r.i_axis', 'r.low', 'r.high')}, ${onClock('r.i_axis', 'r.axis', 'r.i_low', 'r.i_high')}
        FROM reach r LEFT JOIN birth b ON b.person = r.person),
      time AS (SELECT *, low - i_high AS least, high - i_low AS most FROM clock)
    SELECT p.person, CASE WHEN t.person IS NULL THEN 'no_index' WHEN ${statistic.of_index ? 'starts > 1' : 'false'} THEN 'which' WHEN NOT told THEN 'undecidable'
        WHEN NOT happened AND NOT looked THEN 'not_recorded'
        WHEN NOT ended OR least IS NULL OR most IS NULL OR most < 0 OR most - least > ${step} THEN 'undecidable'
        WHEN ceil(greatest(0, (least + most) / 2) / ${step}) > ${last} THEN 'censored@${last}'
        ELSE CASE WHEN happened THEN 'event@' ELSE 'censored@' END || ceil(greatest(0, (least + most) / 2) / ${step})::INTEGER END AS follow
      FROM people p LEFT JOIN time t USING (person) ORDER BY p.person`;
}
