/** A thread that helps to search attach-mini. */
import { helpWith } from '../../cli/workers/helpers.js';
import { Machine } from '../../model/machine/index.js';
import { attachMini, attachMiniProperties, type AttachMiniSize } from '../../test/models/attach-mini.js';

await helpWith((size: AttachMiniSize) =>
  Promise.resolve({ machine: new Machine(attachMini(size)), properties: attachMiniProperties }),
);
