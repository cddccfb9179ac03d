import { guardsAreAccountedFor } from './accounted-for.js';

guardsAreAccountedFor('netlink-xdp');
