/** Processes that give up their capabilities. */
import { keepOnly } from '../sandbox/authority.js';
import type { Binding } from './binding.js';
import { argumentOf, outcomeOf } from './running-linux.js';

export const authority: Binding = {
  calls: {
    async drop_capabilities(linux, call) {
      return outcomeOf(await keepOnly(linux.process(argumentOf(call, 'actor')), []));
    },
  },
};
