import { guardsAreAccountedFor } from './accounted-for.js';

guardsAreAccountedFor('chain-call');
