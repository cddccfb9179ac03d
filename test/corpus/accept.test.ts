import test from 'ava';
import { acceptCase, printCase, type Acceptance } from '../../corpus/index.js';
import { machineFor, neverOverridden, OVERRIDE, read, withLine } from './setting.js';

function accept(text: string): Acceptance {
  const found = read(text);
  return acceptCase(found, machineFor(found), neverOverridden);
}

test('a case is accepted with the outcomes and the verdict of now, and with its comments', (t) => {
  const text = withLine(OVERRIDE, 9, '# B is refused\nB.attach_if_empty(prog2, eth0) -> ok  # or is it?');
  const acceptance = accept(text);

  t.is(
    acceptance.kind === 'accepted' && printCase(acceptance.case),
    `case: B overrides what A attached
proposal: netlink-xdp
property: never-overridden
expect: kept

prog1 = A.load(prog)            -> fd3
A.attach(prog1, eth0)           -> ok
prog2 = B.load(prog)            -> fd3
# B is refused
B.attach_if_empty(prog2, eth0)  -> EBUSY  # or is it?
packet(eth0)                    -> prog1
`,
  );
});

test('of a case about no claim, the outcomes of now are accepted', (t) => {
  const text = OVERRIDE.replace(/^(property|expect): .*\n/gm, '');
  const found = read(text.replace('-> prog2', '-> prog1'));
  const acceptance = acceptCase(found, machineFor(found), undefined);

  t.is(acceptance.kind === 'accepted' && printCase(acceptance.case), text);
});

test('calls behind the one that breaks the claim are dropped, but not a look at what it did', (t) => {
  const acceptance = accept(`${OVERRIDE}A.attach(prog1, eth0)\npacket(eth0)\n`);

  t.is(acceptance.kind === 'accepted' && printCase(acceptance.case), OVERRIDE);
});

test('nothing is accepted of a property that says nothing', (t) => {
  const acceptance = accept(OVERRIDE.split('\n').slice(0, 7).join('\n'));

  t.deepEqual(acceptance, { kind: 'refused', why: "'never-overridden' says nothing of these calls" });
});
