import test from 'ava';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { holdfast, packageRoot } from '../run-holdfast.js';

/** The words offered for the last one of a command line. */
function offered(...words: string[]): string[] {
  const { stdout, status, stderr } = holdfast(['complete', '--', ...words]);
  if (status !== 0) throw new Error(stderr);
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(':'))
    .map((line) => line.split('\t')[0]!);
}

test('commands are completed', (t) => {
  t.deepEqual(offered('repl'), ['replay']);
});

test('the names of proposals are completed where a proposal is wanted, beside the files of one’s own', (t) => {
  t.deepEqual(offered('check', 'link'), ['link-fd']);
  t.true(offered('check', '').includes('model/'));
});

test('the names of claims are completed behind --property', (t) => {
  t.deepEqual(offered('check', '--property', 'held-link-never-o'), ['held-link-never-overridden']);
});

test('the words that an option knows are completed, and the bounds', (t) => {
  t.deepEqual(offered('check', '--format', 'j'), ['json', 'junit']);
  t.deepEqual(offered('check', '--bounds', 'pro'), ['processes=', 'programs=']);
});

test('the names of scenarios are completed behind --scenario', (t) => {
  t.deepEqual(offered('compare', '--scenario', 'two-t'), ['two-tools']);
});

test('cases are completed, directory by directory', (t) => {
  t.deepEqual(offered('replay', 'counterex'), ['counterexamples/']);
  t.true(
    offered('replay', 'counterexamples/incidents/handle').includes(
      'counterexamples/incidents/handle-theft.case',
    ),
  );
  t.deepEqual(offered('replay', 'no-such-directory/'), []);
});

test('there is a script for each shell, and none for another', (t) => {
  for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
    t.not(holdfast(['completion', shell]).stdout, '');
  const { status, stderr } = holdfast(['completion', 'tcsh']);
  t.is(status, 64);
  t.regex(stderr, /bash/);
});

test('bash completes with the script', (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'holdfast-completion-'));
  t.teardown(() => {
    rmSync(directory, { recursive: true });
  });
  const command = path.join(directory, 'holdfast');
  writeFileSync(
    command,
    `#!/bin/sh\nexec '${process.execPath}' '${packageRoot}dist/cli/holdfast.js' "$@"\n`,
    {
      mode: 0o755,
    },
  );
  // The first line stands for the package bash-completion, which sets these three variables from the line that is typed.
  const script = `
    _get_comp_words_by_ref() { cur=\${COMP_WORDS[COMP_CWORD]}; words=("\${COMP_WORDS[@]}"); cword=$COMP_CWORD; }
    source <(holdfast completion bash)
    COMP_WORDS=(holdfast check expec); COMP_CWORD=2; COMP_LINE='holdfast check expec'; COMP_POINT=20
    __holdfast_complete
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const run = spawnSync('bash', ['-c', script], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${directory}:${process.env.PATH ?? ''}` },
  });
  t.regex(run.stdout, /^expected-fd/m, run.stderr);
});
