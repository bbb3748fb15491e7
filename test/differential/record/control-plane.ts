/** A kube-apiserver with its etcd, in a directory of their own. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from './api.js';
import { end, freePorts, pause, RecordingError, start } from './programs.js';
import type { Programs } from './programs.js';

export interface ControlPlane {
  readonly api: Api;
  /** For files of other processes; gone after `stop`. */
  readonly directory: string;
  stop(): Promise<void>;
}

/**
 * What admission would make of the objects of a case: tolerations, taints and priorities of its own, and refusals of pods whose
 * service account, runtime class or namespace nobody made.
 */
const disturbingAdmission = [
  'DefaultTolerationSeconds',
  'NamespaceLifecycle',
  'PodSecurity',
  'Priority',
  'RuntimeClass',
  'ServiceAccount',
  'StorageObjectInUseProtection',
  'TaintNodesByCondition',
];

export async function startControlPlane(programs: Programs): Promise<ControlPlane> {
  const directory = mkdtempSync(join(tmpdir(), 'recorded-decisions-'));
  const [etcdPort, peerPort, port] = await freePorts(3);
  const etcdUrl = `http://127.0.0.1:${String(etcdPort)}`;
  const peerUrl = `http://127.0.0.1:${String(peerPort)}`;
  const key = join(directory, 'service-accounts.pem');
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writeFileSync(key, privateKey, { mode: 0o600 });
  const token = randomBytes(16).toString('hex');
  writeFileSync(join(directory, 'tokens.csv'), `${token},recorder,recorder,"system:masters"\n`, {
    mode: 0o600,
  });
  const ignore = (): void => undefined;
  const etcd = start(
    programs.etcd,
    {
      'data-dir': join(directory, 'etcd'),
      'listen-client-urls': etcdUrl,
      'advertise-client-urls': etcdUrl,
      'listen-peer-urls': peerUrl,
      'initial-advertise-peer-urls': peerUrl,
      'initial-cluster': `default=${peerUrl}`,
      'unsafe-no-fsync': 'true',
    },
    ignore,
  );
  let last = '';
  const apiServer = start(
    programs.apiServer,
    {
      'etcd-servers': etcdUrl,
      'service-account-issuer': 'https://recorder',
      'service-account-key-file': key,
      'service-account-signing-key-file': key,
      'service-cluster-ip-range': '10.0.0.0/16',
      'token-auth-file': join(directory, 'tokens.csv'),
      'authorization-mode': 'RBAC',
      'disable-admission-plugins': disturbingAdmission.join(','),
      // Volumes of images count for ImageLocality, whether or not the API server lets them in.
      'feature-gates': 'ImageVolume=true',
      'bind-address': '127.0.0.1',
      'secure-port': String(port),
      'cert-dir': join(directory, 'certificates'),
    },
    (line) => {
      last = line;
    },
  );
  const api = new Api(`https://127.0.0.1:${String(port)}`, token);
  const stop = async (): Promise<void> => {
    api.close();
    await end(apiServer);
    await end(etcd);
    rmSync(directory, { recursive: true, force: true });
  };
  while (!(await isReady(api))) {
    if (apiServer.exitCode !== null || etcd.exitCode !== null) {
      await stop();
      throw new RecordingError(`kube-apiserver or etcd ended: ${last}`);
    }
    await pause(200);
  }
  return { api, directory, stop };
}

async function isReady(api: Api): Promise<boolean> {
  try {
    await api.get('/apis/scheduling.k8s.io/v1/priorityclasses/system-node-critical');
    await api.get('/api/v1/namespaces/default');
    return true;
  } catch {
    return false;
  }
}
