export { bootGuest, type GuestOptions } from './guest.js';
export { readKernel, type KernelImage } from './image.js';
export { fetchKernel, fetchedKernel, kernelPackages, kernelsDirectory } from './packages.js';
