import { guardsAreAccountedFor } from './accounted-for.js';

guardsAreAccountedFor('expected-fd');
