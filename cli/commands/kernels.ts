/** `holdfast kernels`: kernels of Debian to hold models against, in qemu. */
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import { print } from '../output.js';

interface KernelsFlags {
  readonly suite?: string;
}

export function addKernelsCommand(program: Command): void {
  program
    .command('kernels')
    .summary('list kernels for conform --kernel, or fetch one')
    .description(
      'Lists the packages with kernels for virtual machines that apt knows of. With the name of one, downloads and unpacks it, ' +
        'installs nothing, and prints the directory for `holdfast conform --kernel`.',
    )
    .argument('[package]', 'a name from the list')
    .option(
      '--suite <name>',
      'another Debian release than apt is set up for, as trixie, from the same mirror',
    )
    .addHelpText(
      'after',
      `
Needs apt and dpkg, and for conform --kernel qemu (Debian: qemu-system-x86).

Examples:
  holdfast kernels > kernels.txt

Exit codes: 0 done, 64 usage, 69 this machine cannot do it, 70 internal error, 73 no room.`,
    )
    .action(async (name: string | undefined, { suite }: KernelsFlags) => {
      const { fetchKernel, kernelPackages } = await import('../../kernel/guest/index.js');
      await print(name === undefined ? kernelPackages(suite).join('\n') : fetchKernel(name, suite));
      process.exitCode = EXIT.ok;
    });
}
