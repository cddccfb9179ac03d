/** A sequence that Linux does not have; the message names the first call that it lacks. */
export class NotOnLinuxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotOnLinuxError';
  }
}
