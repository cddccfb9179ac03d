export * from './devices.js';
export * from './traffic-control.js';
export * from './xdp.js';
