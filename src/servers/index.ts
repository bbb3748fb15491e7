export type { Principal, Role } from './identity/index.js';
export { PortInUseError, startServers } from './start.js';
export type { Servers } from './start.js';
