export { decodeObject } from './decode.js';
export { MalformedProtobuf } from './reader.js';
