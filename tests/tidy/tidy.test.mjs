// The tidy test of the code itself: every rule over the whole tree, each finding with file and line.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { readTree } from './tree.mjs';
import { rules } from './rules.mjs';

const tree = readTree(fileURLToPath(new URL('../..', import.meta.url)));
for (const [name, rule] of Object.entries(rules)) {
  test(name, () => {
    const found = rule(tree).map(({ path, line, text }) => `${path}:${line}: ${text}`);
    assert.equal(found.length, 0, `\n${found.join('\n')}\n`);
  });
}
