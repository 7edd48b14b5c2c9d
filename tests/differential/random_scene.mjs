// Random vocabularies, facts and studies, small enough that everything meets everything. From one seed follows all.

/** Numbers from a seed (mulberry32, Tommy Ettinger 2017). */
export class Dice {
  constructor(seed) { this.state = seed >>> 0; }
  unit() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  below(n) { return Math.floor(this.unit() * n); }
  chance(p) { return this.unit() < p; }
  of(list) { return list[this.below(list.length)]; }
}

function tree(dice, prefix, size) {
  const terms = [];
  for (let i = 0; i < size; i++) {
    const parents = new Set();
    for (let j = i === 0 ? 0 : 1 + (dice.chance(0.25) ? 1 : 0); j > 0; j--) parents.add(`${prefix}:${dice.below(i)}`);
    if (i > 0 && dice.chance(0.15)) parents.clear();
    terms.push({ id: `${prefix}:${i}`, parents: [...parents], also: dice.chance(0.2) ? [`${prefix}:also${i}`] : [], old: dice.chance(0.15) ? [`${prefix}:old${i}`] : [] });
  }
  return terms;
}

const idsOf = (terms) => terms.flatMap((term) => [term.id, term.id, ...term.also, ...term.old]);
const two = (n) => String(n).padStart(2, '0');

function moment(dice, axis) {
  if (axis === 'age') {
    const years = dice.below(4);
    return dice.of([`P${years}Y`, `P${years}Y${dice.below(12)}M`, `P${dice.below(48)}M`, `P${dice.below(1400)}D`, `P${dice.below(60)}W`]);
  }
  const date = [2019 + dice.below(2), 1 + dice.below(12), 1 + dice.below(28)];
  const precision = dice.unit();
  if (precision < 0.1) return `${date[0]}`;
  if (precision < 0.3) return `${date[0]}-${two(date[1])}`;
  if (precision < 0.35) return `${date[0]}-${two(date[1])}-${two(date[2])}T${two(dice.below(24))}:00:00Z`;
  return `${date[0]}-${two(date[1])}-${two(date[2])}`;
}

function when(dice, axes, exact) {
  if (exact) {
    const month = 1 + dice.below(12), date = 1 + dice.below(27);
    return { kind: 'at', first: `${2019 + dice.below(2)}-${two(month)}-${two(date)}` };
  }
  const kind = dice.unit();
  const axis = dice.of(axes);
  if (kind < 0.15) return null;
  if (kind < 0.19) return { kind: dice.of(['before', 'after']), first: moment(dice, axis) };
  if (kind < 0.22) return { kind: 'at', first: 'HP:0003577' };
  if (kind < 0.34) return { kind: 'from', first: moment(dice, axis), last: moment(dice, axis) };
  return { kind: 'at', first: moment(dice, axis) };
}

function value(dice, scene) {
  const kind = dice.unit();
  if (kind < 0.15) return null;
  if (kind < 0.4) return { kind: 'code', code: dice.of(scene.valueIds) };
  if (kind < 0.5) return { kind: 'integer', number: dice.below(12) };
  return { kind: 'number', number: dice.below(24) / 2 + 0.25, unit: dice.of(['mm', 'mm', 'cm', 'm', 'kg', 'g']) };
}

function fact(dice, scene, person, id) {
  const kind = dice.of(['feature', 'feature', 'feature', 'diagnosis', 'procedure', 'measurement', 'measurement']);
  const status = dice.unit();
  return {
    id, person, kind,
    code: dice.chance(0.04) ? 'T:stray' : dice.of(scene.termIds),
    status: status < 0.66 ? 'present' : status < 0.92 ? 'absent' : dice.of(['not_recorded', 'refused']),
    value: kind === 'measurement' ? value(dice, scene) : null,
    when: when(dice, scene.axes, scene.exact),
    site: dice.chance(0.3) ? dice.of(scene.siteIds) : null,
    side: dice.chance(0.25) ? dice.of(['left', 'right', 'both', 'midline']) : null,
    source: dice.of(['clinician', 'clinician', 'participant', 'device', 'proxy']),
    partOf: null,
  };
}

/** `exact`: every fact is dated to the day, so that no relation in time stays open. */
export function randomScene(dice, exact = false) {
  const scene = { exact, terms: tree(dice, 'T', 4 + dice.below(9)), sites: tree(dice, 'S', 5), values: tree(dice, 'V', 5), facts: [], people: [] };
  scene.termIds = idsOf(scene.terms);
  scene.siteIds = idsOf(scene.sites);
  scene.valueIds = idsOf(scene.values);
  const mode = dice.unit();
  scene.axes = mode < 0.6 ? ['date'] : mode < 0.8 ? ['age'] : ['date', 'age'];
  const many = 1 + dice.below(10);
  for (let person = 1; person <= 20 + dice.below(60); person++) {
    scene.people.push(person);
    if (dice.chance(0.4)) {
      scene.facts.push({ id: scene.facts.length + 1, person, kind: 'person', code: 'skerry:birth-year', status: 'present',
        value: { kind: 'integer', number: 2016 + dice.below(4) }, when: null, site: null, side: null, source: 'clinician', partOf: null });
    }
    const first = scene.facts.length;
    for (let i = dice.below(many + 1); i > 0; i--) {
      const made = fact(dice, scene, person, scene.facts.length + 1);
      if (scene.facts.length > first && dice.chance(0.2)) made.partOf = scene.facts[first + dice.below(scene.facts.length - first)].id;
      scene.facts.push(made);
    }
  }
  return scene;
}

// --- studies ---

function comparison(dice, scene) {
  if (dice.chance(0.4)) return { code: dice.of(scene.valueIds) };
  const unit = dice.of([undefined, 'UCUM:mm', 'UCUM:cm', 'UCUM:m', 'UCUM:kg']);
  const number = dice.below(24) / 2;
  const out = dice.of([{ at_least: number }, { less: number }, { greater: number }, { at_most: number }, { between: [number, number + 4] }]);
  return unit ? { ...out, unit } : out;
}

const duration = (dice) => dice.of(['P1D', 'P7D', 'P30D', 'P2M', 'P6M', 'P1Y', 'P0D']);

function relation(dice, scene) {
  const kind = dice.of(['after', 'before', 'within', 'during']);
  const other = { code: dice.of(scene.termIds) };
  if (dice.chance(0.2)) other.pick = dice.of(['first', 'last']);
  if (kind === 'during') return { during: other };
  if (kind === 'within') return { within: other, at_most: duration(dice) };
  const out = { [kind]: other };
  if (dice.chance(0.3)) out.at_least = dice.of(['P1D', 'P7D']);
  if (dice.chance(0.4)) out.at_most = dice.of(['P30D', 'P6M', 'P1Y']);
  return out;
}

/** `timed`: with dates, ages, picks, relations in time and occurrences. */
export function leaf(dice, scene, { status = true, timed = false } = {}) {
  const out = { code: dice.chance(0.03) ? 'T:stray' : dice.of(scene.termIds) };
  if (dice.chance(0.2)) out.exact = true;
  if (dice.chance(0.3)) out.kind = dice.of(['feature', 'diagnosis', 'measurement', 'procedure']);
  if (dice.chance(0.15)) out.value = comparison(dice, scene);
  if (dice.chance(0.12)) out.site = dice.of(scene.siteIds);
  if (dice.chance(0.12)) out.side = dice.of(['left', 'right', 'both', 'midline']);
  if (dice.chance(0.1)) out.source = dice.chance(0.5) ? dice.of(['clinician', 'device']) : ['participant', 'proxy'];
  if (status && dice.chance(0.35)) out.status = dice.of(['absent', 'recorded', 'not_recorded', 'present']);
  if (!timed || out.status || dice.chance(0.3)) return out;
  const kind = dice.unit();
  if (kind < 0.25) out.from = dice.of(['2019', '2019-06', '2019-09-15', '2020']);
  if (kind > 0.15 && kind < 0.4) out.to = dice.of(['2020', '2020-06', '2020-03-15']);
  if (kind >= 0.4 && kind < 0.6) out.times = dice.of([{ at_least: 2 }, { at_most: 1 }, { at_least: 2, at_most: 3 }, { at_least: 3 }]);
  if (kind >= 0.6) out.when = dice.chance(0.2) ? [relation(dice, scene), relation(dice, scene)] : relation(dice, scene);
  if (!out.times && dice.chance(0.25)) out.pick = dice.of(['first', 'last']);
  return out;
}

function condition(dice, scene, depth, options) {
  const kind = dice.unit();
  if (depth === 0 || kind < 0.4) return leaf(dice, scene, options);
  if (kind < 0.43) return { everyone: true };
  const parts = () => Array.from({ length: 1 + dice.below(3) }, () => condition(dice, scene, depth - 1, options));
  if (kind < 0.65) return { all: parts() };
  if (kind < 0.88) return { any: parts() };
  return { not: dice.chance(0.5) ? parts() : condition(dice, scene, depth - 1, options) };
}

function grouping(dice, scene, options) {
  if (dice.chance(0.3)) {
    const values = [...new Set([dice.of(scene.values).id, dice.of(scene.values).id, dice.of(scene.values).id])];
    return { code: dice.of(scene.termIds), values };
  }
  return { groups: Array.from({ length: 1 + dice.below(3) }, (_, i) => ({ id: `g${i}`, ...condition(dice, scene, 1, options) })) };
}

function followUp(dice, scene) {
  const unit = dice.of(['day', 'week', 'month', 'year']);
  const step = dice.of([1, 1, 2, 3]);
  const out = { type: 'kaplan_meier', index: leaf(dice, scene, { status: false }), event: leaf(dice, scene, { status: false }), unit, step,
    horizon: step * (2 + dice.below(unit === 'day' ? 400 : 20)) };
  if (dice.chance(0.2)) out.of_index = true;
  return out;
}

function variable(dice, scene) {
  const condition = leaf(dice, scene, { status: false });
  if (dice.chance(0.3)) return { id: 'v', count: condition };
  const { value, ...rest } = condition;
  return { id: 'v', value: rest, which: dice.of(['lowest', 'highest', 'mean']), unit: dice.of(['mm', 'cm', 'm', 'kg']) };
}

export function randomStudy(dice, scene) {
  const options = { timed: scene.exact };
  const study = { cohort: condition(dice, scene, 2, options), statistic: { type: 'count' } };
  const kind = dice.unit();
  if (kind < 0.25) study.statistic = { type: 'proportion', of: Array.from({ length: 1 + dice.below(2) }, (_, i) => ({ id: `i${i}`, ...leaf(dice, scene, { status: false, timed: false }) })) };
  else if (kind < 0.5) { study.statistic = followUp(dice, scene); study.cohort = { everyone: true }; }
  else if (kind < 0.65 && scene.exact) { study.statistic = { type: 'mean', outcome: variable(dice, scene) }; study.cohort = { everyone: true }; }
  if (dice.chance(0.35)) study.by = grouping(dice, scene, options);
  return study;
}
