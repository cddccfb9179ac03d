import { guardsAreAccountedFor } from './accounted-for.js';

guardsAreAccountedFor('prog-array');
