import { guardsAreAccountedFor } from './accounted-for.js';

guardsAreAccountedFor('btf-copy');
