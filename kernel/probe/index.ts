export { FEATURES } from './features.js';
export { probe, type Feature, type Trying } from './probe.js';
