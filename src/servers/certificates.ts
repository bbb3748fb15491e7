import 'reflect-metadata';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

/** What an HTTPS listener and its clients need. PEM texts. */
export interface ServerCertificate {
  /** The authority's certificate: what clients must trust. */
  readonly caPem: string;
  /** Where the authority's certificate is on disk. */
  readonly caPath: string;
  readonly certPem: string;
  readonly keyPem: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 24 * 3_600_000;
const authorityYears = 10;
/** Some clients refuse server certificates that live longer than 825 days. */
const serverDays = 800;
const renewBefore = 30 * day;

/**
 * Makes a certificate authority in `directory` at first start and keeps it, so that clients trust it once; the server's
 * certificate for localhost is made from it and renewed before it ends. Keys are readable by the owner alone.
 */
export async function loadOrCreateCertificate(directory: string): Promise<ServerCertificate> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = (name: string): string => join(directory, name);
  const read = (name: string): string => readFileSync(path(name), 'utf8');
  const write = (name: string, text: string): void => writeFileSync(path(name), text, { mode: 0o600 });

  if (!existsSync(path('ca.pem')) || !existsSync(path('ca-key.pem'))) {
    const authority = await createAuthority();
    write('ca-key.pem', authority.keyPem);
    writeFileSync(path('ca.pem'), authority.certPem);
    await renew();
  }
  if (!existsSync(path('server.pem')) || endsSoon(read('server.pem'))) await renew();
  return {
    caPem: read('ca.pem'),
    caPath: path('ca.pem'),
    certPem: read('server.pem'),
    keyPem: read('server-key.pem'),
  };

  async function renew(): Promise<void> {
    const server = await createServerCertificate(read('ca.pem'), read('ca-key.pem'));
    write('server-key.pem', server.keyPem);
    write('server.pem', server.certPem);
  }
}

const endsSoon = (pem: string): boolean =>
  new x509.X509Certificate(pem).notAfter.getTime() < Date.now() + renewBefore;

/** A private key and the certificate for it. PEM texts. */
export interface KeyAndCertificate {
  readonly keyPem: string;
  readonly certPem: string;
}

async function createAuthority(): Promise<KeyAndCertificate> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: 'CN=Poolkeeper local authority',
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + authorityYears * 365 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { keyPem: await exportKey(keys.privateKey), certPem: certificate.toString('pem') };
}

async function createServerCertificate(caPem: string, caKeyPem: string): Promise<KeyAndCertificate> {
  const authority = new x509.X509Certificate(caPem);
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: 'CN=localhost',
    issuer: authority.subject,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + serverDays * day),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: await importKey(caKeyPem),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(await authority.publicKey.export()),
    ],
  });
  return { keyPem: await exportKey(keys.privateKey), certPem: certificate.toString('pem') };
}

/** How long the certificates of kubeconfigs are valid (AKS: two years). */
const clientYears = 2;

/** Makes a certificate by which a client shows who it is; signed by the authority in `directory`. */
export async function issueClientCertificate(directory: string, subject: string): Promise<KeyAndCertificate> {
  const read = (name: string): string => readFileSync(join(directory, name), 'utf8');
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject,
    issuer: new x509.X509Certificate(read('ca.pem')).subject,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + clientYears * 365 * day),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: await importKey(read('ca-key.pem')),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
    ],
  });
  return { keyPem: await exportKey(keys.privateKey), certPem: certificate.toString('pem') };
}

/**
 * Signs a PKCS #10 request: the certificate is for its key, with its name and organisations, and the unit that tells which
 * cluster it is for.
 *
 * @throws Error for a request that is not signed by its own key
 */
export async function signRequest(
  directory: string,
  requestPem: string,
  unit: string,
  validSeconds: number,
): Promise<string> {
  const request = new x509.Pkcs10CertificateRequest(requestPem);
  if (!(await request.verify())) throw new Error('the request is not signed by its own key');
  const { subjectName } = request;
  const subject = ['CN', 'O'].flatMap((name) =>
    subjectName.getField(name).map((value): Record<string, string[]> => ({ [name]: [value] })),
  );
  const read = (name: string): string => readFileSync(join(directory, name), 'utf8');
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [...subject, { OU: [unit] }],
    issuer: new x509.X509Certificate(read('ca.pem')).subject,
    notBefore: new Date(now - 5 * 60_000),
    notAfter: new Date(now + validSeconds * 1000),
    signingAlgorithm: algorithm,
    publicKey: request.publicKey,
    signingKey: await importKey(read('ca-key.pem')),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
        true,
      ),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
    ],
  });
  return certificate.toString('pem');
}

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

const newSerial = (): string => Buffer.from(webcrypto.getRandomValues(new Uint8Array(16))).toString('hex');

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return x509.PemConverter.encode(der, 'PRIVATE KEY');
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const [der] = x509.PemConverter.decode(pem);
  if (!der) throw new Error('The key of the certificate authority is empty');
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}
