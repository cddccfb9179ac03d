/** What `holdfast` was called with, done; what goes wrong, said in a sentence and an exit code. */
import { CommanderError } from 'commander';
import { failureOf } from './errors.js';
import { EXIT } from './exit-codes.js';
import { createProgram } from './program.js';

// A reader that has seen enough (`holdfast list | head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
});

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has told the user already; asking for help is no mistake.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  } else {
    const { message, exitCode } = failureOf(error);
    process.stderr.write(`holdfast: ${message}\n`);
    process.exitCode = exitCode;
  }
}
