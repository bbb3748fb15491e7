export { EndpointSliceController } from './endpoint-slices.js';
export { EndpointsController } from './endpoints.js';
export { EndpointsMirror } from './endpoints-mirror.js';
export { LoadBalancerController } from './load-balancer.js';
export { ServiceAddressController, ServiceAddressRelease } from './service-addresses.js';
export { ServiceCidrController } from './service-cidrs.js';
