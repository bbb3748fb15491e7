import type { JsonObject } from './object.js';

/** A certificate that a signing request asks for. */
export interface CertificateOrder {
  /** The cluster's key. */
  readonly cluster: string;
  /** The request, PEM. */
  readonly requestPem: string;
  /** How long it is valid, of the host's time: peers check it against their own clocks. */
  readonly seconds: number;
}

/** What the keys of the process do that serves the clusters. A world that nobody serves has no keys. */
export interface ControlPlaneKeys {
  /** The certificate of the authority that clients trust, PEM. */
  readonly caPem: string;
  /** A token that says the claims, signed. */
  readonly signToken: (claims: JsonObject) => string;
  /** A certificate for the request's key and subject, PEM. @throws Error for a request that can't be signed */
  readonly signCertificate: (order: CertificateOrder) => Promise<string>;
}
