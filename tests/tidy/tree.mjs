// The project as the tidy rules see it: a Map from path to text. The rules never touch the disk, so samples test them.
import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const binaryEndings = /\.(png|jpg|webp|gz|woff2?|ico|bin)$/;

/** .gitignore as tests of a path; knows names, folders and "*.ending", which is all this project's file uses. */
export function ignoring(text) {
  const rules = text.split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#'));
  const tests = rules.map((rule) => {
    const name = rule.replace(/^\//, '').replace(/\/$/, '');
    const pattern = name.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('[^/]*');
    return new RegExp(`${rule.startsWith('/') ? '^' : '(^|/)'}${pattern}(/|$)`);
  });
  return (path) => path === '.git' || tests.some((test) => test.test(path));
}

/** Everything under `root` that git would keep: path from the root -> text ('' for what is not text). */
export function readTree(root) {
  const ignored = ignoring(readFileSync(join(root, '.gitignore'), 'utf8'));
  const tree = new Map();
  const visit = (folder) => {
    for (const entry of readdirSync(join(root, folder)).sort()) {
      const path = folder ? `${folder}/${entry}` : entry;
      if (ignored(path)) continue;
      const status = lstatSync(join(root, path));
      if (status.isDirectory()) visit(path);
      else if (status.isFile()) tree.set(path, binaryEndings.test(path) || inCorpus(path) ? '' : readFileSync(join(root, path), 'utf8'));
    }
  };
  visit('');
  return tree;
}

/** Seeds of the fuzz targets are input, not source: any bytes and any names. */
export const inCorpus = (path) => path.startsWith('fuzz/corpus/');
export const isCpp = (path) => /\.(cpp|hpp|def)$/.test(path);
/** Code that people write line by line; data of packs and generated locks are not. */
export const isCode = (path) => /\.(cpp|hpp|def|mjs|js|sh|scss|css|mustache|cmake)$|CMakeLists\.txt$|^dev$|^\.ci\//.test(path);
export const lineOf = (text, index) => text.slice(0, index).split('\n').length;
