import test from 'ava';
import type { KernelState } from '../../model/kernel/model.js';
import { claimSettingOf, replayFrom, type Catalogue } from '../../corpus/index.js';
import {
  complaint,
  machineFor,
  neverOverridden,
  OVERRIDE,
  read,
  somethingAttached,
  withLine,
} from './setting.js';

const properties = [neverOverridden, somethingAttached];

const catalogue: Catalogue<KernelState> = {
  proposals: ['netlink-xdp', 'link-fd'],
  properties: properties.map(({ name }) => name),
  machineFor,
  propertyFor: (name) => properties.find((property) => property.name === name)!,
};

test('what needs a claim refuses a case about none', (t) => {
  const text = OVERRIDE.replace(/^(property|expect): .*\n/gm, '');

  t.is(replayFrom(read(text), catalogue).kind, 'as-expected');
  t.is(
    complaint(() => claimSettingOf(read(text), catalogue)),
    "a.case:1:1: the case is about no claim; name one with the headers 'property:' and 'expect:'",
  );
});

test('a case is replayed with the proposal and the property that it names', (t) => {
  t.is(replayFrom(read(OVERRIDE), catalogue).kind, 'as-expected');
});

test('names that are not in the catalogue are complained about where they stand', (t) => {
  t.is(
    complaint(() => replayFrom(read(withLine(OVERRIDE, 2, 'proposal: netlinkxdp')), catalogue)),
    "a.case:2:11: there is no proposal 'netlinkxdp'; did you mean 'netlink-xdp'?",
  );
  t.is(
    complaint(() => replayFrom(read(withLine(OVERRIDE, 3, 'property: x')), catalogue)),
    "a.case:3:11: there is no property 'x'; known here: never-overridden, something-attached",
  );
  t.is(
    complaint(() => replayFrom(read(withLine(OVERRIDE, 5, 'without: fd-is-open device-is-emty')), catalogue)),
    "a.case:5:21: 'netlink-xdp' has no rule 'device-is-emty'; did you mean 'device-is-empty'?",
  );
});
