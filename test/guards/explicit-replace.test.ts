import { guardsAreAccountedFor } from './accounted-for.js';

guardsAreAccountedFor('explicit-replace');
