// Installs the package in models/ (TensorFlow.js, the image model) unless what its lock file names is there already. No install script runs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../models/', import.meta.url));
const stamp = `${folder}node_modules/.installed`;
const isForTests = process.argv.includes('--for-tests');
const wanted = createHash('sha256')
  .update(readFileSync(`${folder}package-lock.json`))
  .digest('hex');

if (installed() === wanted) {
  if (!isForTests) console.log('The package in models/ is installed.');
} else {
  console.log('Installing the package in models/ (about 350 MB) ...');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status === 0) writeFileSync(stamp, wanted);
  else failed();
}

function installed() {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return '';
  }
}

/** Tests that need the package skip and say why, except where a gate counts on them. */
function failed() {
  const isGate = process.env.CI !== undefined;
  console.error(
    `The package in models/ cannot be installed; what needs it ${isForTests && !isGate ? 'is skipped' : 'will say so'}.`,
  );
  process.exitCode = isForTests && !isGate ? 0 : 3;
}
