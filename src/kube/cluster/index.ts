export { addNamespaceDefaults, bootstrapCluster, isBootstrapped, removeCluster } from './bootstrap.js';
