import { guardsAreAccountedFor } from './accounted-for.js';

guardsAreAccountedFor('tc-filter');
