import { guardsAreAccountedFor } from './accounted-for.js';

guardsAreAccountedFor('link-fd');
