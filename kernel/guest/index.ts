export { bootGuest, type GuestOptions } from './guest.js';
export { readKernel, type KernelImage } from './image.js';
export { fetchKernel, kernelPackages, kernelsDirectory } from './packages.js';
