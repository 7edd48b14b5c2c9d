// Draws how the times of bench/engine.mjs grow with the registry: node bench/growth.mjs build/bench/engine.json docs/engine-growth.svg
import { readFileSync, writeFileSync } from 'node:fs';

const [from = 'build/bench/engine.json', to = 'docs/engine-growth.svg'] = process.argv.slice(2);
const results = JSON.parse(readFileSync(from, 'utf8')).sort((a, b) => a.participants - b.participants);
const lines = [
  ['count', 'count with closure', '#1d70b8'], ['crossed', 'boolean cohort, crossed', '#00703c'], ['later', 'index to first later event', '#912b88'],
];
const width = 720, height = 420, left = 70, right = 230, top = 30, bottom = 50;
const sizes = results.map((result) => result.participants);
const all = results.flatMap((result) => lines.flatMap(([name]) => [result.engine[name].ms, result.duck[name].ms]));
const [low, high] = [Math.floor(Math.log10(Math.min(...all))), Math.ceil(Math.log10(Math.max(...all)))];
const [first, last] = [Math.log10(Math.min(...sizes)), Math.log10(Math.max(...sizes))];
const x = (people) => left + ((Math.log10(people) - first) / Math.max(last - first, 1e-9)) * (width - left - right);
const y = (ms) => height - bottom - ((Math.log10(ms) - low) / (high - low)) * (height - top - bottom);
const text = (at, on, words, more = '') => `<text x="${at.toFixed(1)}" y="${on.toFixed(1)}" ${more}>${words}</text>`;
const msWords = (power) => (power >= 0 ? `${(10 ** power).toLocaleString('en')} ms` : `${(10 ** (power + 3)).toLocaleString('en')} µs`);

const parts = [];
for (let power = low; power <= high; power++) {
  parts.push(`<line x1="${left}" x2="${width - right}" y1="${y(10 ** power).toFixed(1)}" y2="${y(10 ** power).toFixed(1)}" stroke="#d8d8d8"/>`, text(left - 8, y(10 ** power) + 4, msWords(power), 'text-anchor="end"'));
}
for (const people of sizes) parts.push(text(x(people), height - bottom + 20, people.toLocaleString('en'), 'text-anchor="middle"'));
parts.push(text((left + width - right) / 2, height - 10, 'participants, about 40 facts each (both scales logarithmic)', 'text-anchor="middle"'));
lines.forEach(([name, words, colour], i) => {
  for (const [who, dash, label] of [['engine', '', 'Skerry'], ['duck', '6 4', 'DuckDB']]) {
    const points = results.map((result) => `${x(result.participants).toFixed(1)},${y(result[who][name].ms).toFixed(1)}`);
    parts.push(`<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`);
    parts.push(...points.map((point) => `<circle cx="${point.split(',')[0]}" cy="${point.split(',')[1]}" r="3" fill="${colour}"/>`));
    const row = top + 10 + (i * 2 + (who === 'duck' ? 1 : 0)) * 22;
    parts.push(`<line x1="${width - right + 16}" x2="${width - right + 46}" y1="${row}" y2="${row}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`, text(width - right + 52, row + 4, `${label}, ${words}`));
  }
});
writeFileSync(to, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="#222">
<title>How the times of the engine and of DuckDB grow with the number of participants</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${parts.join('\n')}
</svg>
`);
console.log(`Drawn: ${to}`);
