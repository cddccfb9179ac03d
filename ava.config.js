export default {
  files: ['test/**/*.test.ts'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=./test/register-typescript.js'],
  // More than there are cores: files that drive the kernel or wait for commands leave one idle.
  concurrency: 3,
  timeout: '3m',
};
