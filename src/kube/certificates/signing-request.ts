import 'reflect-metadata';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import type { KubeObject } from '../object.js';

/** A condition of a signing request. */
export interface SigningCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastUpdateTime?: string;
  readonly lastTransitionTime?: string;
}

/** A request for a certificate (certificates.k8s.io/v1), with the fields that the engine reads. */
export interface SigningRequest extends KubeObject {
  readonly spec: {
    /** Base64 of the PEM of a PKCS #10 request. */
    readonly request: string;
    readonly signerName: string;
    readonly expirationSeconds?: number;
    readonly usages?: readonly string[];
    readonly username?: string;
  };
  readonly status?: {
    readonly conditions?: readonly SigningCondition[];
    readonly certificate?: string;
  };
}

/** The signer of certificates that API clients show. */
export const clientSigner = 'kubernetes.io/kube-apiserver-client';

export const hasCondition = ({ status }: SigningRequest, type: string): boolean =>
  status?.conditions?.some((condition) => condition.type === type) === true;

/** The PEM text of a request. */
export const requestPem = ({ spec }: SigningRequest): string =>
  Buffer.from(spec.request, 'base64').toString();

/** Whom a PKCS #10 request is for. */
export interface RequestedSubject {
  readonly commonName: string;
  readonly organizations: readonly string[];
}

/** Reads a PKCS #10 request; undefined when it is none, or its signature is not its key's. */
export function readRequest(pem: string): RequestedSubject | undefined {
  if (!pem.includes('BEGIN CERTIFICATE REQUEST')) return undefined;
  try {
    const { subjectName } = new Pkcs10CertificateRequest(pem);
    const [commonName = ''] = subjectName.getField('CN');
    return { commonName, organizations: subjectName.getField('O') };
  } catch {
    return undefined;
  }
}
