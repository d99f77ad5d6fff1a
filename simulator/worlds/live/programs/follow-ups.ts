import { followUpsOf } from '../../../domain/undoing.ts';
import { openFor } from '../components/open.ts';
import { FollowUps } from '../follow-ups.ts';
import { readSheet } from '../run-sheet.ts';
import { announce, endWithParent } from './process.ts';

/** What follows failures of operations and messages, in a process that none of those who fail takes down with it. */
const sheet = readSheet();
const after = followUpsOf(sheet.plan);
const around = await openFor(sheet, {
  name: 'follow-ups',
  programs: [after.map(({ event }) => ({ do: 'publish', site: '', event }))],
  lookingAt: after.map(({ unless }) => unless),
  call: () => Promise.reject(new RangeError('what follows a failure calls nobody')),
});
const followUps = new FollowUps(around, (error) => {
  console.error(error);
  process.exit(1);
});
const port = await followUps.listen();
endWithParent(() => followUps.close());
announce({ port });
