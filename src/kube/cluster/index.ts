export {
  addNamespaceDefaults,
  bootstrapCluster,
  isBootstrapped,
  removeCluster,
  rootCertificateName,
} from './bootstrap.js';
