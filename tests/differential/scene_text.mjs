// A scene and its studies as a file of tests/engine.

const word = (text) => (/[\s"]/.test(text) ? `"${text}"` : text);

export function factLine(fact) {
  let line = `${fact.person} ${fact.kind} ${fact.code}`;
  if (fact.status !== 'present') line += ` ${fact.status}`;
  if (fact.value?.kind === 'code') line += ` = ${fact.value.code}`;
  if (fact.value?.kind === 'integer') line += ` = ${fact.value.number}`;
  if (fact.value?.kind === 'number') line += ` = ${fact.value.number} ${fact.value.unit}`;
  if (fact.when?.kind === 'from') line += ` from ${word(fact.when.first)} to ${word(fact.when.last)}`;
  else if (fact.when) line += ` ${fact.when.kind} ${word(fact.when.first)}`;
  if (fact.site) line += ` site ${fact.site}`;
  if (fact.side) line += ` ${fact.side}`;
  if (fact.source !== 'clinician') line += ` by ${fact.source}`;
  if (fact.partOf) line += ` part-of #${fact.partOf}`;
  return `${line} #${fact.id}`;
}

export function sceneText(scene) {
  const lines = ['vocabulary'];
  for (const term of [...scene.terms, ...scene.sites, ...scene.values]) {
    lines.push(`  ${term.id}${term.parents.length ? ` is-a ${term.parents.join(' ')}` : ''}`);
    for (const id of term.also) lines.push(`  ${term.id} also ${id}`);
    for (const id of term.old) lines.push(`  ${id} replaced-by ${term.id}`);
  }
  lines.push('facts');
  for (let i = 0; i < scene.people.length; i += 30) lines.push(`  ${scene.people.slice(i, i + 30).join(' ')}`);
  for (const fact of scene.facts) lines.push(`  ${factLine(fact)}`);
  return `${lines.join('\n')}\n`;
}

/** `expected`: pairs of a line's name and its text. */
export function caseText(name, study, expected) {
  const lines = [`case ${name}`];
  for (const [key, value] of Object.entries(study)) lines.push(`  ${key} ${JSON.stringify(value)}`);
  for (const [what, text] of expected) lines.push(`  ${what} ${text}`.trimEnd());
  return `${lines.join('\n')}\n`;
}
