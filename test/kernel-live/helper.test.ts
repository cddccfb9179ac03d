import test from 'ava';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KernelRunError } from '../../kernel/index.js';
import { systemCallNumbers } from '../../kernel/channel/numbers.js';
import { helperProgram } from '../../kernel/helper/compile.js';

/** The helper as found with these environment variables. */
function helperWith(environment: Record<string, string>): string {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    return helperProgram();
  } finally {
    process.env = before;
  }
}

test.serial('without a C compiler, it is said what to install', (t) => {
  const XDG_CACHE_HOME = mkdtempSync(join(tmpdir(), 'holdfast-test-'));

  const error = t.throws(() => helperWith({ XDG_CACHE_HOME, CC: '/nowhere/cc' }), {
    instanceOf: KernelRunError,
  });

  t.is(error.obstacle, 'missing tool');
  t.is(
    error.message,
    'Driving a kernel needs a C compiler, and there is no /nowhere/cc. Install one (on Debian and Ubuntu: apt-get install gcc ' +
      'libc6-dev), or name one in the environment variable CC.',
  );
  t.deepEqual(readdirSync(join(XDG_CACHE_HOME, 'holdfast')), []);
  rmSync(XDG_CACHE_HOME, { recursive: true });
});

test.serial(
  'the helper is compiled once, into the cache, or where this cannot be written, for this run',
  (t) => {
    const XDG_CACHE_HOME = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
    try {
      const program = helperWith({ XDG_CACHE_HOME });
      t.true(existsSync(program));
      t.deepEqual(readdirSync(join(XDG_CACHE_HOME, 'holdfast')), [program.split('/').at(-1)]);
      // The compiler is not asked again.
      t.is(helperWith({ XDG_CACHE_HOME, CC: '/nowhere/cc' }), program);
      t.true(helperWith({ XDG_CACHE_HOME: '/dev/null' }).startsWith(join(tmpdir(), 'holdfast-')));
    } catch (error) {
      if (!(error instanceof KernelRunError && error.obstacle === 'missing tool')) throw error;
      t.log(error.message);
      t.pass();
    } finally {
      rmSync(XDG_CACHE_HOME, { recursive: true });
    }
  },
);

test('the numbers of system calls are known for two processors', (t) => {
  t.is(systemCallNumbers('x64').bpf, 321);
  t.is(systemCallNumbers('arm64').bpf, 280);
  t.throws(() => systemCallNumbers('riscv64'), { message: /x86-64 and arm64; this is riscv64/ });
});
