/**
 * Bodies to send to two API servers (see compare.ts). A case is a path and what is posted to it; a text is posted as it is.
 */
export type Body = Readonly<Record<string, unknown>>;
export type Case = readonly [path: string, body: Body | string];

const core = '/api/v1/namespaces/default',
  inGroup = (g: string, p: string): string => `/apis/${g}/namespaces/default/${p}`;
const container = (x: Body = {}) => ({ name: 'c', image: 'i:1', ...x });
const pod = (spec: Body = {}, meta: Body = {}): Case => [
  core + '/pods',
  { metadata: { name: 'inv', ...meta }, spec: { containers: [container()], ...spec } },
];
const podOf = (x: Body): Case => pod({ containers: [container(x)] });
const service = (spec: Body): Case => [core + '/services', { metadata: { name: 'inv' }, spec }];
const deployment = (spec: Body, t: Body = {}): Case => [
  inGroup('apps/v1', 'deployments'),
  {
    metadata: { name: 'inv' },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container()], ...t } },
      ...spec,
    },
  },
];
const statefulSet = (spec: Body): Case => [
  inGroup('apps/v1', 'statefulsets'),
  {
    metadata: { name: 'inv' },
    spec: {
      serviceName: 'x',
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container()] } },
      ...spec,
    },
  },
];
const daemonSet = (spec: Body, t: Body = {}): Case => [
  inGroup('apps/v1', 'daemonsets'),
  {
    metadata: { name: 'inv' },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container()], ...t } },
      ...spec,
    },
  },
];
const job = (spec: Body, t: Body = {}): Case => [
  inGroup('batch/v1', 'jobs'),
  {
    metadata: { name: 'inv' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [container()], ...t } }, ...spec },
  },
];
const cronJob = (spec: Body): Case => [
  inGroup('batch/v1', 'cronjobs'),
  {
    metadata: { name: 'inv' },
    spec: {
      schedule: '* * * * *',
      jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container()] } } } },
      ...spec,
    },
  },
];
const ingress = (spec: Body): Case => [
  inGroup('networking.k8s.io/v1', 'ingresses'),
  { metadata: { name: 'inv' }, spec },
];
const networkPolicy = (spec: Body): Case => [
  inGroup('networking.k8s.io/v1', 'networkpolicies'),
  { metadata: { name: 'inv' }, spec },
];
const autoscaler = (spec: Body): Case => [
  inGroup('autoscaling/v2', 'horizontalpodautoscalers'),
  {
    metadata: { name: 'inv' },
    spec: {
      maxReplicas: 3,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' },
      ...spec,
    },
  },
];
const budget = (spec: Body): Case => [
  inGroup('policy/v1', 'poddisruptionbudgets'),
  { metadata: { name: 'inv' }, spec },
];
const claim = (spec: Body): Case => [core + '/persistentvolumeclaims', { metadata: { name: 'inv' }, spec }];
const volume = (spec: Body): Case => ['/api/v1/persistentvolumes', { metadata: { name: 'inv' }, spec }];
const roleBinding = (x: Body): Case => [
  inGroup('rbac.authorization.k8s.io/v1', 'rolebindings'),
  { metadata: { name: 'inv' }, ...x },
];
const role = (rules: readonly Body[]): Case => [
  inGroup('rbac.authorization.k8s.io/v1', 'roles'),
  { metadata: { name: 'inv' }, rules },
];
const affinity = (x: Body): Case => pod({ affinity: x });
const nodeAffinity = (e: Body): Case =>
  affinity({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [e] }] },
    },
  });
const podAffinity = (k: string, t: Body): Case =>
  affinity({ [k]: { requiredDuringSchedulingIgnoredDuringExecution: [t] } });

/** Bodies with something wrong, most of them: answered in a dry run. */
export const invalid: readonly Case[] = [
  pod({}, { name: '' }),
  pod({}, { name: 'UP' }),
  pod({}, { name: 'a'.repeat(300) }),
  pod({}, { labels: { 'a b': 'x' } }),
  pod({}, { labels: { a: 'x y' } }),
  pod({}, { labels: { a: 'x'.repeat(70) } }),
  pod({}, { annotations: { 'a b': 'x' } }),
  pod({}, { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x' }] }),
  pod({}, { finalizers: ['nope'] }),
  pod({}, { namespace: 'other' }),
  pod({}, { generateName: 'UP-', name: undefined }),
  pod({ containers: [] }),
  pod({ containers: undefined }),
  pod({ containers: [container(), container()] }),
  podOf({ name: '' }),
  podOf({ name: 'UP' }),
  podOf({ image: '' }),
  podOf({ image: undefined }),
  podOf({ image: ' x' }),
  podOf({ imagePullPolicy: 'Sometimes' }),
  podOf({ ports: [{ containerPort: 0 }] }),
  podOf({ ports: [{ containerPort: 70000 }] }),
  podOf({ ports: [{ containerPort: 80, protocol: 'X' }] }),
  podOf({ ports: [{ containerPort: 80, name: 'UP' }] }),
  podOf({
    ports: [
      { containerPort: 80, name: 'a' },
      { containerPort: 81, name: 'a' },
    ],
  }),
  podOf({ ports: [{ containerPort: 80, hostPort: 99999 }] }),
  podOf({
    ports: [
      { containerPort: 80, hostPort: 80 },
      { containerPort: 81, hostPort: 80 },
    ],
  }),
  podOf({ env: [{ name: '' }] }),
  podOf({ env: [{ name: 'a=b', value: 'x' }] }),
  podOf({ env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }),
  podOf({ env: [{ name: 'A', valueFrom: {} }] }),
  podOf({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.nope' } } }] }),
  podOf({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'x' } } }] }),
  podOf({ env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.nope' } } }] }),
  podOf({ envFrom: [{}] }),
  podOf({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }),
  podOf({ resources: { requests: { cpu: '-1' } } }),
  podOf({ resources: { requests: { cpu: 'abc' } } }),
  podOf({ resources: { requests: { nope: '1' } } }),
  podOf({ resources: { limits: { 'nvidia.com/gpu': '0.5' } } }),
  podOf({ resources: { requests: { 'nvidia.com/gpu': '1' } } }),
  podOf({ resources: { requests: { 'nvidia.com/gpu': '1' }, limits: { 'nvidia.com/gpu': '2' } } }),
  podOf({ resources: { requests: { 'hugepages-2Mi': '3Mi' } } }),
  podOf({ resources: { requests: { memory: '100m' } } }),
  podOf({ livenessProbe: {} }),
  podOf({ livenessProbe: { httpGet: { port: 80 }, tcpSocket: { port: 80 } } }),
  podOf({ livenessProbe: { httpGet: { port: 0 } } }),
  podOf({ livenessProbe: { httpGet: { port: 'UP_' } } }),
  podOf({ livenessProbe: { httpGet: { port: 80 }, successThreshold: 2 } }),
  podOf({ readinessProbe: { httpGet: { port: 80 }, periodSeconds: -1 } }),
  podOf({ readinessProbe: { httpGet: { port: 80, scheme: 'FTP' } } }),
  podOf({ readinessProbe: { exec: { command: [] } } }),
  podOf({ readinessProbe: { tcpSocket: { port: 80 }, terminationGracePeriodSeconds: 5 } }),
  podOf({ lifecycle: { preStop: {} } }),
  podOf({ lifecycle: { postStart: { exec: { command: ['a'] }, httpGet: { port: 80 } } } }),
  podOf({ volumeMounts: [{ name: 'nope', mountPath: '/x' }] }),
  pod({
    volumes: [{ name: 'v', emptyDir: {} }],
    containers: [container({ volumeMounts: [{ name: 'v', mountPath: '' }] })],
  }),
  pod({
    volumes: [{ name: 'v', emptyDir: {} }],
    containers: [
      container({
        volumeMounts: [
          { name: 'v', mountPath: '/x' },
          { name: 'v', mountPath: '/x' },
        ],
      }),
    ],
  }),
  pod({
    volumes: [{ name: 'v', emptyDir: {} }],
    containers: [container({ volumeMounts: [{ name: 'v', mountPath: '/x', subPath: '../a' }] })],
  }),
  pod({ volumes: [{ name: 'v' }] }),
  pod({ volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/x' } }] }),
  pod({
    volumes: [
      { name: 'v', emptyDir: {} },
      { name: 'v', emptyDir: {} },
    ],
  }),
  pod({ volumes: [{ name: 'UP', emptyDir: {} }] }),
  pod({ volumes: [{ name: 'v', secret: {} }] }),
  pod({ volumes: [{ name: 'v', configMap: { name: '' } }] }),
  pod({ volumes: [{ name: 'v', hostPath: { path: '' } }] }),
  pod({ volumes: [{ name: 'v', hostPath: { path: '/a/..' } }] }),
  pod({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: '' } }] }),
  pod({ volumes: [{ name: 'v', configMap: { name: 'x', items: [{ key: '', path: '/a' }] } }] }),
  pod({ volumes: [{ name: 'v', configMap: { name: 'x', defaultMode: 9999 } }] }),
  pod({ volumes: [{ name: 'v', csi: { driver: '' } }] }),
  pod({ volumes: [{ name: 'v', nfs: { server: '', path: 'x' } }] }),
  pod({ restartPolicy: 'Maybe' }),
  pod({ dnsPolicy: 'X' }),
  pod({ dnsPolicy: 'None' }),
  pod({ terminationGracePeriodSeconds: -5 }),
  pod({ activeDeadlineSeconds: 0 }),
  pod({ serviceAccountName: 'UP_' }),
  pod({ nodeName: 'UP_' }),
  pod({ nodeSelector: { 'a b': 'x' } }),
  pod({ hostname: 'a.b' }),
  pod({ subdomain: 'UP' }),
  pod({ hostAliases: [{ ip: 'x', hostnames: ['UP_'] }] }),
  pod({ imagePullSecrets: [{ name: '' }] }),
  pod({ schedulerName: '' }),
  pod({ priorityClassName: 'nope' }),
  pod({ priority: 5 }),
  pod({ runtimeClassName: 'nope' }),
  pod({ preemptionPolicy: 'X' }),
  pod({ overhead: { cpu: '1' } }),
  pod({ schedulingGates: [{ name: 'UP_ ' }] }),
  pod({ schedulingGates: [{ name: 'a' }, { name: 'a' }] }),
  pod({ readinessGates: [{ conditionType: 'a b' }] }),
  pod({ os: { name: 'mac' } }),
  pod({ hostNetwork: true, containers: [container({ ports: [{ containerPort: 80, hostPort: 81 }] })] }),
  pod({ shareProcessNamespace: true, hostPID: true }),
  pod({ securityContext: { runAsUser: -1 } }),
  pod({ securityContext: { seccompProfile: { type: 'X' } } }),
  pod({ securityContext: { sysctls: [{ name: 'a..b', value: 'x' }] } }),
  podOf({ securityContext: { runAsUser: -1 } }),
  podOf({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
  podOf({ securityContext: { capabilities: { add: ['X'] }, procMount: 'Nope' } }),
  pod({ tolerations: [{ key: 'a', operator: 'X' }] }),
  pod({ tolerations: [{ operator: 'Equal', value: 'x' }] }),
  pod({ tolerations: [{ key: 'a', operator: 'Exists', value: 'x' }] }),
  pod({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'X' }] }),
  pod({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }] }),
  pod({ tolerations: [{ key: 'a b', operator: 'Exists' }] }),
  nodeAffinity({ key: 'a', operator: 'In' }),
  nodeAffinity({ key: 'a', operator: 'Exists', values: ['x'] }),
  nodeAffinity({ key: 'a', operator: 'Gt', values: ['x'] }),
  nodeAffinity({ key: 'a b', operator: 'Exists' }),
  nodeAffinity({ key: 'a', operator: 'X' }),
  affinity({ nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } }),
  affinity({
    nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, preference: {} }] },
  }),
  affinity({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'x', operator: 'In', values: ['a', 'b'] }] }],
      },
    },
  }),
  podAffinity('podAffinity', { labelSelector: { matchLabels: { a: 'b' } } }),
  podAffinity('podAffinity', { topologyKey: 'a b' }),
  podAffinity('podAntiAffinity', {
    topologyKey: 'z',
    labelSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] },
  }),
  podAffinity('podAntiAffinity', { topologyKey: 'z', namespaces: ['UP_'] }),
  affinity({
    podAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 101, podAffinityTerm: { topologyKey: 'z' } },
      ],
    },
  }),
  podAffinity('podAffinity', {
    topologyKey: 'z',
    matchLabelKeys: ['a'],
    labelSelector: { matchLabels: { a: 'x' } },
  }),
  pod({ topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'z', whenUnsatisfiable: 'DoNotSchedule' }] }),
  pod({ topologySpreadConstraints: [{ maxSkew: 1, topologyKey: '', whenUnsatisfiable: 'DoNotSchedule' }] }),
  pod({ topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'z', whenUnsatisfiable: 'X' }] }),
  pod({
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'z', whenUnsatisfiable: 'DoNotSchedule' },
      { maxSkew: 2, topologyKey: 'z', whenUnsatisfiable: 'DoNotSchedule' },
    ],
  }),
  pod({
    topologySpreadConstraints: [
      { maxSkew: 1, minDomains: 2, topologyKey: 'z', whenUnsatisfiable: 'ScheduleAnyway' },
    ],
  }),
  pod({
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'z', whenUnsatisfiable: 'DoNotSchedule', nodeTaintsPolicy: 'X' },
    ],
  }),
  pod({ initContainers: [container()] }),
  pod({ initContainers: [{ name: 'i', image: 'x', livenessProbe: { httpGet: { port: 80 } } }] }),
  pod({ initContainers: [{ name: 'i', image: 'x', restartPolicy: 'Never' }] }),
  pod({ initContainers: [{ name: 'i', image: 'x', lifecycle: { preStop: { exec: { command: ['a'] } } } }] }),
  pod({ ephemeralContainers: [{ name: 'e', image: 'x' }] }),
  pod({ resourceClaims: [{ name: 'x' }] }),
  pod({ bogus: 1 }),
  [
    core + '/pods?fieldValidation=Strict',
    { metadata: { name: 'inv' }, spec: { bogus: 1, containers: [container({ imge: 'x' })] } },
  ],
  [core + '/pods', { metadata: { name: 'inv' }, spec: { containers: 'x' } }],
  [core + '/pods', { metadata: { name: 5 } }],
  [core + '/pods', { kind: 'Service', apiVersion: 'v1', metadata: { name: 'x' } }],
  [core + '/pods', '{bad'],
  [core + '/pods', ''],
  [core + '/pods', '[]'],
  [core + '/pods', { apiVersion: 'v2', kind: 'Pod', metadata: { name: 'x' } }],
  ['/api/v1/namespaces/nope/pods', { metadata: { name: 'x' }, spec: { containers: [container()] } }],
  service({}),
  service({ ports: [] }),
  service({ ports: [{ port: 0 }] }),
  service({ ports: [{ port: 80 }, { port: 81 }] }),
  service({
    ports: [
      { port: 80, name: 'a' },
      { port: 81, name: 'a' },
    ],
  }),
  service({
    ports: [
      { port: 80, name: 'a' },
      { port: 80, name: 'b' },
    ],
  }),
  service({ ports: [{ port: 80, protocol: 'X' }] }),
  service({ ports: [{ port: 80, targetPort: 0 }] }),
  service({ ports: [{ port: 80, targetPort: 'UP_' }] }),
  service({ type: 'X', ports: [{ port: 80 }] }),
  service({ type: 'NodePort', ports: [{ port: 80, nodePort: 5 }] }),
  service({ ports: [{ port: 80, nodePort: 31000 }] }),
  service({ clusterIP: 'x', ports: [{ port: 80 }] }),
  service({ clusterIP: '1.2.3.4', ports: [{ port: 80 }] }),
  service({ type: 'ExternalName' }),
  service({ type: 'ExternalName', externalName: 'UP_' }),
  service({ sessionAffinity: 'X', ports: [{ port: 80 }] }),
  service({ selector: { 'a b': 'x' }, ports: [{ port: 80 }] }),
  service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['x'], ports: [{ port: 80 }] }),
  service({ externalTrafficPolicy: 'Local', ports: [{ port: 80 }] }),
  service({ internalTrafficPolicy: 'X', ports: [{ port: 80 }] }),
  service({ externalIPs: ['x'], ports: [{ port: 80 }] }),
  service({ ports: [{ port: 80, appProtocol: 'a b' }] }),
  service({ type: 'LoadBalancer', clusterIP: 'None', ports: [{ port: 80 }] }),
  deployment({ selector: undefined }),
  deployment({ selector: {} }),
  deployment({ selector: { matchLabels: { x: 'y' } } }),
  deployment({ replicas: -1 }),
  deployment({ strategy: { type: 'X' } }),
  deployment({ strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
  deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
  deployment({ strategy: { rollingUpdate: { maxSurge: 'x' } } }),
  deployment({ strategy: { rollingUpdate: { maxUnavailable: '200%' } } }),
  deployment({ strategy: { rollingUpdate: { maxSurge: -1 } } }),
  deployment({ minReadySeconds: -1 }),
  deployment({ progressDeadlineSeconds: 5, minReadySeconds: 10 }),
  deployment({ revisionHistoryLimit: -1 }),
  deployment({}, { restartPolicy: 'Never' }),
  deployment({}, { activeDeadlineSeconds: 5 }),
  deployment({ selector: { matchExpressions: [{ key: 'a', operator: 'X' }] } }),
  deployment({}, { containers: [] }),
  statefulSet({ serviceName: '' }),
  statefulSet({ podManagementPolicy: 'X' }),
  statefulSet({ updateStrategy: { type: 'X' } }),
  statefulSet({ updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } }),
  statefulSet({ updateStrategy: { rollingUpdate: { partition: -1 } } }),
  statefulSet({ replicas: -2 }),
  statefulSet({ persistentVolumeClaimRetentionPolicy: { whenDeleted: 'X' } }),
  statefulSet({ ordinals: { start: -1 } }),
  statefulSet({ volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: {} }] }),
  daemonSet({ updateStrategy: { type: 'X' } }),
  daemonSet({ updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } }),
  daemonSet({ updateStrategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } } }),
  daemonSet({}, { restartPolicy: 'Never' }),
  daemonSet({ selector: { matchLabels: { x: 'y' } } }),
  job({}, { restartPolicy: 'Always' }),
  job({}, { restartPolicy: undefined }),
  job({ parallelism: -1 }),
  job({ completions: -1 }),
  job({ backoffLimit: -1 }),
  job({ completionMode: 'Indexed' }),
  job({ completionMode: 'X' }),
  job({ activeDeadlineSeconds: -1 }),
  job({ ttlSecondsAfterFinished: -1 }),
  job({ selector: { matchLabels: { a: 'b' } } }),
  job({ podFailurePolicy: { rules: [{ action: 'X' }] } }),
  job({ backoffLimitPerIndex: 1 }),
  job({ podReplacementPolicy: 'X' }),
  job({ successPolicy: { rules: [{ succeededCount: 1 }] } }),
  cronJob({ schedule: 'x' }),
  cronJob({ schedule: '' }),
  cronJob({ timeZone: 'Nope/Zone' }),
  cronJob({ timeZone: '' }),
  cronJob({ concurrencyPolicy: 'X' }),
  cronJob({ startingDeadlineSeconds: -1 }),
  cronJob({ successfulJobsHistoryLimit: -1 }),
  cronJob({ schedule: 'TZ=UTC * * * * *' }),
  cronJob({ schedule: '61 * * * *' }),
  [
    inGroup('batch/v1', 'cronjobs'),
    {
      metadata: { name: 'a'.repeat(60) },
      spec: {
        schedule: '* * * * *',
        jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container()] } } } },
      },
    },
  ],
  ingress({}),
  ingress({
    rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 'x', port: { number: 80 } } } }] } }],
  }),
  ingress({
    rules: [
      {
        http: {
          paths: [
            { path: 'x', pathType: 'Prefix', backend: { service: { name: 'x', port: { number: 80 } } } },
          ],
        },
      },
    ],
  }),
  ingress({
    rules: [
      {
        http: {
          paths: [{ path: '/', pathType: 'X', backend: { service: { name: 'x', port: { number: 80 } } } }],
        },
      },
    ],
  }),
  ingress({
    rules: [
      {
        host: 'UP_',
        http: {
          paths: [
            { path: '/', pathType: 'Exact', backend: { service: { name: 'x', port: { number: 80 } } } },
          ],
        },
      },
    ],
  }),
  ingress({
    rules: [
      {
        host: '*.*.x',
        http: {
          paths: [
            { path: '/', pathType: 'Exact', backend: { service: { name: 'x', port: { number: 80 } } } },
          ],
        },
      },
    ],
  }),
  ingress({ defaultBackend: { service: { name: 'x' } } }),
  ingress({ defaultBackend: {} }),
  ingress({
    defaultBackend: { service: { name: 'x', port: { number: 80 } }, resource: { kind: 'a', name: 'b' } },
  }),
  ingress({ tls: [{ hosts: ['UP_'] }], defaultBackend: { service: { name: 'x', port: { number: 80 } } } }),
  ingress({ rules: [{ http: { paths: [] } }] }),
  networkPolicy({ podSelector: { matchLabels: { 'a b': 'x' } } }),
  networkPolicy({ podSelector: {}, policyTypes: ['X'] }),
  networkPolicy({ podSelector: {}, ingress: [{ from: [{}] }] }),
  networkPolicy({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 'x' } }] }] }),
  networkPolicy({
    podSelector: {},
    ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }] }],
  }),
  networkPolicy({ podSelector: {}, ingress: [{ ports: [{ port: 0 }] }] }),
  networkPolicy({ podSelector: {}, ingress: [{ ports: [{ port: 80, protocol: 'X' }] }] }),
  networkPolicy({ podSelector: {}, ingress: [{ ports: [{ port: 80, endPort: 70 }] }] }),
  networkPolicy({
    podSelector: {},
    ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }] }],
  }),
  autoscaler({ maxReplicas: 0 }),
  autoscaler({ minReplicas: 5 }),
  autoscaler({ minReplicas: 0 }),
  autoscaler({ scaleTargetRef: {} }),
  autoscaler({ metrics: [{ type: 'Resource' }] }),
  autoscaler({ metrics: [{ type: 'X' }] }),
  autoscaler({ metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } }] }),
  autoscaler({
    metrics: [
      { type: 'Resource', resource: { name: '', target: { type: 'Utilization', averageUtilization: 0 } } },
    ],
  }),
  autoscaler({ behavior: { scaleUp: { policies: [] } } }),
  autoscaler({ behavior: { scaleDown: { stabilizationWindowSeconds: 5000 } } }),
  autoscaler({ behavior: { scaleUp: { policies: [{ type: 'X', value: 0, periodSeconds: 0 }] } } }),
  autoscaler({
    metrics: [{ type: 'External', external: { metric: { name: '' }, target: { type: 'Value' } } }],
  }),
  budget({ minAvailable: 1, maxUnavailable: 1 }),
  budget({ minAvailable: -1 }),
  budget({ minAvailable: 'x' }),
  budget({ minAvailable: '120%' }),
  budget({ selector: { matchLabels: { 'a b': 'x' } } }),
  budget({ unhealthyPodEvictionPolicy: 'X' }),
  claim({}),
  claim({ accessModes: ['X'], resources: { requests: { storage: '1Gi' } } }),
  claim({ accessModes: ['ReadWriteOnce'] }),
  claim({ accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '0' } } }),
  claim({ accessModes: ['ReadWriteOnce', 'ReadWriteOncePod'], resources: { requests: { storage: '1Gi' } } }),
  claim({ accessModes: ['ReadWriteOnce'], volumeMode: 'X', resources: { requests: { storage: '1Gi' } } }),
  claim({
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'UP_',
    resources: { requests: { storage: '1Gi' } },
  }),
  volume({}),
  volume({ capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] }),
  volume({ capacity: { storage: '1Gi' }, accessModes: ['X'], hostPath: { path: '/x' } }),
  volume({ capacity: {}, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } }),
  volume({
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    hostPath: { path: '/x' },
    persistentVolumeReclaimPolicy: 'X',
  }),
  volume({
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    hostPath: { path: '/x' },
    nfs: { server: 'a', path: '/b' },
  }),
  volume({
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    csi: { driver: '', volumeHandle: '' },
  }),
  role([{ verbs: [] }]),
  role([{ apiGroups: [''], resources: ['pods'], verbs: [] }]),
  role([{ apiGroups: [''], verbs: ['get'] }]),
  role([{ resources: ['pods'], verbs: ['get'] }]),
  role([{ nonResourceURLs: ['/x'], verbs: ['get'] }]),
  roleBinding({}),
  roleBinding({ roleRef: { kind: 'X', name: 'a' } }),
  roleBinding({ roleRef: { kind: 'Role', name: '' } }),
  roleBinding({ roleRef: { kind: 'Role', name: 'a', apiGroup: 'x' } }),
  roleBinding({ roleRef: { kind: 'Role', name: 'a' }, subjects: [{ kind: 'X', name: 'u' }] }),
  roleBinding({ roleRef: { kind: 'Role', name: 'a' }, subjects: [{ kind: 'ServiceAccount', name: 'u' }] }),
  roleBinding({ roleRef: { kind: 'Role', name: 'a' }, subjects: [{ kind: 'User', name: '' }] }),
  [core + '/configmaps', { metadata: { name: 'inv' }, data: { 'a b': 'x' } }],
  [core + '/configmaps', { metadata: { name: 'inv' }, data: { a: 'x' }, binaryData: { a: 'eA==' } }],
  [core + '/configmaps', { metadata: { name: 'inv' }, data: { a: 'x'.repeat(1100000) } }],
  [core + '/configmaps', { metadata: { name: 'inv' }, data: { a: 5 } }],
  [core + '/configmaps', { metadata: { name: 'inv' }, binaryData: { a: '!!' } }],
  [core + '/secrets', { metadata: { name: 'inv' }, data: { a: '!!' } }],
  [core + '/secrets', { metadata: { name: 'inv' }, type: 'kubernetes.io/tls' }],
  [core + '/secrets', { metadata: { name: 'inv' }, type: 'kubernetes.io/dockerconfigjson', data: {} }],
  [
    core + '/secrets',
    {
      metadata: { name: 'inv' },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': 'eA==' },
    },
  ],
  [core + '/secrets', { metadata: { name: 'inv' }, type: 'kubernetes.io/basic-auth' }],
  [core + '/secrets', { metadata: { name: 'inv' }, type: 'kubernetes.io/ssh-auth' }],
  [core + '/secrets', { metadata: { name: 'inv' }, type: 'kubernetes.io/service-account-token' }],
  [core + '/limitranges', { metadata: { name: 'inv' }, spec: { limits: [{ type: 'X' }] } }],
  [
    core + '/limitranges',
    {
      metadata: { name: 'inv' },
      spec: { limits: [{ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }] },
    },
  ],
  [
    core + '/limitranges',
    { metadata: { name: 'inv' }, spec: { limits: [{ type: 'Pod', default: { cpu: '2' } }] } },
  ],
  [
    core + '/limitranges',
    {
      metadata: { name: 'inv' },
      spec: { limits: [{ type: 'Container', default: { cpu: '2' }, max: { cpu: '1' } }] },
    },
  ],
  [core + '/resourcequotas', { metadata: { name: 'inv' }, spec: { hard: { nope: '1' } } }],
  [core + '/resourcequotas', { metadata: { name: 'inv' }, spec: { hard: { pods: '-1' } } }],
  [core + '/resourcequotas', { metadata: { name: 'inv' }, spec: { hard: { pods: '1.5' } } }],
  [core + '/resourcequotas', { metadata: { name: 'inv' }, spec: { scopes: ['X'] } }],
  [
    core + '/resourcequotas',
    { metadata: { name: 'inv' }, spec: { scopes: ['BestEffort', 'NotBestEffort'], hard: { pods: '1' } } },
  ],
  ['/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name: 'system-x' }, value: 1 }],
  ['/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name: 'inv' }, value: 2000000000 }],
  [
    '/apis/scheduling.k8s.io/v1/priorityclasses',
    { metadata: { name: 'inv' }, value: 1, preemptionPolicy: 'X' },
  ],
  ['/apis/storage.k8s.io/v1/storageclasses', { metadata: { name: 'inv' } }],
  ['/apis/storage.k8s.io/v1/storageclasses', { metadata: { name: 'inv' }, provisioner: 'a b' }],
  [
    '/apis/storage.k8s.io/v1/storageclasses',
    { metadata: { name: 'inv' }, provisioner: 'a', reclaimPolicy: 'X' },
  ],
  [
    '/apis/storage.k8s.io/v1/storageclasses',
    { metadata: { name: 'inv' }, provisioner: 'a', volumeBindingMode: 'X' },
  ],
  ['/apis/node.k8s.io/v1/runtimeclasses', { metadata: { name: 'inv' }, handler: 'UP_' }],
  ['/api/v1/namespaces', { metadata: { name: 'UP' } }],
  ['/api/v1/namespaces', { metadata: { name: 'a.b' } }],
  [
    inGroup('coordination.k8s.io/v1', 'leases'),
    { metadata: { name: 'inv' }, spec: { leaseDurationSeconds: 0 } },
  ],
  [inGroup('discovery.k8s.io/v1', 'endpointslices'), { metadata: { name: 'inv' } }],
  [inGroup('discovery.k8s.io/v1', 'endpointslices'), { metadata: { name: 'inv' }, addressType: 'X' }],
  [
    inGroup('discovery.k8s.io/v1', 'endpointslices'),
    { metadata: { name: 'inv' }, addressType: 'IPv4', endpoints: [{ addresses: ['x'] }] },
  ],
  [
    core + '/endpoints',
    { metadata: { name: 'inv' }, subsets: [{ addresses: [{ ip: 'x' }], ports: [{ port: 80 }] }] },
  ],
  [
    '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
    { metadata: { name: 'inv' }, webhooks: [{ name: 'a' }] },
  ],
  [
    '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
    {
      metadata: { name: 'inv' },
      webhooks: [{ name: 'a.b.c', sideEffects: 'X', admissionReviewVersions: [], clientConfig: {} }],
    },
  ],
  ['/apis/networking.k8s.io/v1/ingressclasses', { metadata: { name: 'inv' }, spec: { controller: 'x' } }],
  [
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    {
      metadata: { name: 'inv' },
      spec: { group: 'x.y', scope: 'X', names: { plural: 'a', kind: 'A' }, versions: [] },
    },
  ],
  [
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    {
      metadata: { name: 'as.x.y' },
      spec: {
        group: 'x.y',
        scope: 'Cluster',
        names: { plural: 'as', kind: 'A' },
        versions: [{ name: 'v1', served: true, storage: true }],
      },
    },
  ],
  [
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    {
      metadata: { name: 'as.x.y' },
      spec: {
        group: 'x.y',
        scope: 'Cluster',
        names: { plural: 'as', kind: 'A' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', properties: { a: {} } } },
          },
        ],
      },
    },
  ],
  [core + '/events', { metadata: { name: 'inv' }, involvedObject: { namespace: 'other' } }],
  [core + '/nope', {}],
  ['/apis/nope/v1/x', {}],
  [core + '/pods/x/binding', { target: { kind: 'Node', name: 'n' } }],
  [core + '/pods/x/eviction', { metadata: { name: 'x' } }],
  [core + '/serviceaccounts/default/token', { spec: { expirationSeconds: 5 } }],
  [core + '/serviceaccounts/nope/token', {}],
];

const labels = { app: 'a' };
const tpl = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
const sel = { matchLabels: labels };
const named = (name: string): Body => ({ name });
const inCore = (plural: string, body: Body, base = '/api/v1/namespaces/default'): Case => [
  `${base}/${plural}`,
  body,
];
const inVersion = (
  version: string,
  plural: string,
  body: Body,
  scope: 'namespace' | 'cluster' = 'namespace',
): Case => [`/apis/${version}${scope === 'namespace' ? '/namespaces/default' : ''}/${plural}`, body];

/** One sound body of each kind: what is filled in, whose its fields are. */
export const sound: readonly Case[] = [
  inCore('configmaps', { metadata: named('a'), data: { a: '1' } }),
  inCore('secrets', { metadata: named('a'), stringData: { a: 'x' } }),
  inCore('services', {
    metadata: named('a'),
    spec: { clusterIP: '10.0.9.9', selector: { a: 'b' }, ports: [{ port: 80 }] },
  }),
  inCore('services', {
    metadata: named('lb'),
    spec: {
      type: 'LoadBalancer',
      clusterIP: '10.0.9.10',
      ports: [{ name: 'x', port: 80, targetPort: 'http', nodePort: 31111 }],
    },
  }),
  inCore('services', { metadata: named('h'), spec: { clusterIP: 'None', ports: [{ port: 80 }] } }),
  inCore('services', { metadata: named('e'), spec: { type: 'ExternalName', externalName: 'x.y' } }),
  inCore('services', {
    metadata: named('np'),
    spec: {
      type: 'NodePort',
      clusterIP: '10.0.9.11',
      sessionAffinity: 'ClientIP',
      ports: [{ name: 'x', port: 80, nodePort: 31112 }],
    },
  }),
  inCore('serviceaccounts', { metadata: named('a') }),
  inCore('endpoints', {
    metadata: named('ee'),
    subsets: [{ addresses: [{ ip: '1.2.3.4' }], ports: [{ port: 80 }] }],
  }),
  inCore('persistentvolumeclaims', {
    metadata: named('a'),
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'x',
      resources: { requests: { storage: '1Gi' } },
    },
  }),
  inCore(
    'persistentvolumes',
    {
      metadata: named('cmp-pv'),
      spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } },
    },
    '/api/v1',
  ),
  inCore('limitranges', {
    metadata: named('a'),
    spec: { limits: [{ type: 'PersistentVolumeClaim', max: { storage: '10Gi' } }] },
  }),
  inCore('resourcequotas', { metadata: named('a'), spec: { hard: { 'count/jobs.batch': '1000' } } }),
  inCore('replicationcontrollers', { metadata: named('a'), spec: { replicas: 0, template: tpl } }),
  inCore('podtemplates', { metadata: named('a'), template: tpl }),
  inCore('pods', {
    metadata: named('p'),
    spec: {
      schedulerName: 'no',
      containers: [
        {
          name: 'c',
          image: 'nginx:1.2',
          resources: { limits: { cpu: '1', memory: '1Gi' } },
          ports: [{ containerPort: 80 }],
          env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
          livenessProbe: { httpGet: { port: 80 } },
          startupProbe: { tcpSocket: { port: 80 } },
          readinessProbe: { grpc: { port: 80 } },
          lifecycle: { preStop: { httpGet: { port: 80 } } },
        },
      ],
      initContainers: [{ name: 'i', image: 'x', restartPolicy: 'Always' }],
      volumes: [
        { name: 'v', configMap: { name: 'x' } },
        { name: 's', secret: { secretName: 'x' } },
        { name: 'd', downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'metadata.name' } }] } },
        { name: 'pr', projected: { sources: [{ serviceAccountToken: { path: 'x' } }] } },
        { name: 'h', hostPath: { path: '/x' } },
        { name: 'em', emptyDir: {} },
        {
          name: 'eph',
          ephemeral: {
            volumeClaimTemplate: {
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
            },
          },
        },
        { name: 'iscsi', iscsi: { targetPortal: 'a', iqn: 'iqn.2015-02.example.com:test', lun: 0 } },
        { name: 'azd', azureDisk: { diskName: 'a', diskURI: '/subscriptions/x' } },
      ],
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'z', whenUnsatisfiable: 'DoNotSchedule' }],
    },
  }),
  inVersion('apps/v1', 'deployments', {
    metadata: named('a'),
    spec: { replicas: 0, selector: sel, template: tpl },
  }),
  inVersion('apps/v1', 'replicasets', {
    metadata: named('a'),
    spec: { replicas: 0, selector: sel, template: tpl },
  }),
  inVersion('apps/v1', 'statefulsets', {
    metadata: named('a'),
    spec: {
      replicas: 0,
      serviceName: 'x',
      selector: sel,
      template: tpl,
      volumeClaimTemplates: [
        {
          metadata: { name: 'd' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  }),
  inVersion('apps/v1', 'daemonsets', {
    metadata: named('a'),
    spec: { selector: sel, template: { ...tpl, spec: { ...tpl.spec, nodeSelector: { no: 'where' } } } },
  }),
  inVersion('apps/v1', 'controllerrevisions', { metadata: named('a'), revision: 1, data: { a: 1 } }),
  inVersion('batch/v1', 'jobs', {
    metadata: named('a'),
    spec: {
      suspend: true,
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } },
    },
  }),
  inVersion('batch/v1', 'jobs', {
    metadata: named('b'),
    spec: {
      suspend: true,
      completions: 3,
      parallelism: 2,
      completionMode: 'Indexed',
      backoffLimitPerIndex: 1,
      podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'X' }] }] },
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } },
    },
  }),
  inVersion('batch/v1', 'cronjobs', {
    metadata: named('a'),
    spec: {
      suspend: true,
      schedule: '@daily',
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'OnFailure', containers: [{ name: 'c', image: 'x' }] } } },
      },
    },
  }),
  inVersion('autoscaling/v2', 'horizontalpodautoscalers', {
    metadata: named('a'),
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' } },
  }),
  inVersion('autoscaling/v1', 'horizontalpodautoscalers', {
    metadata: named('b'),
    spec: {
      maxReplicas: 3,
      targetCPUUtilizationPercentage: 50,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' },
    },
  }),
  inVersion('autoscaling/v2', 'horizontalpodautoscalers', {
    metadata: named('c'),
    spec: {
      maxReplicas: 3,
      behavior: { scaleUp: {} },
      metrics: [
        {
          type: 'External',
          external: { metric: { name: 'q' }, target: { type: 'AverageValue', averageValue: '5' } },
        },
      ],
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' },
    },
  }),
  inVersion('policy/v1', 'poddisruptionbudgets', {
    metadata: named('a'),
    spec: { minAvailable: 1, selector: { matchLabels: { no: 'ne' } } },
  }),
  inVersion('networking.k8s.io/v1', 'ingresses', {
    metadata: named('a'),
    spec: {
      ingressClassName: 'n',
      rules: [
        {
          host: 'a.b',
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: { service: { name: 'x', port: { number: 80 } } } },
            ],
          },
        },
      ],
    },
  }),
  inVersion('networking.k8s.io/v1', 'networkpolicies', {
    metadata: named('a'),
    spec: {
      podSelector: {},
      ingress: [{ ports: [{ port: 80 }], from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }],
    },
  }),
  inVersion(
    'networking.k8s.io/v1',
    'ingressclasses',
    { metadata: named('cmp'), spec: { controller: 'a.b/c', parameters: { kind: 'K', name: 'n' } } },
    'cluster',
  ),
  inVersion('discovery.k8s.io/v1', 'endpointslices', {
    metadata: named('a'),
    addressType: 'IPv4',
    endpoints: [{ addresses: ['1.2.3.4'] }],
    ports: [{ port: 80 }],
  }),
  inVersion('rbac.authorization.k8s.io/v1', 'roles', {
    metadata: named('a'),
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  }),
  inVersion('rbac.authorization.k8s.io/v1', 'rolebindings', {
    metadata: named('a'),
    roleRef: { kind: 'Role', name: 'a' },
    subjects: [
      { kind: 'User', name: 'u' },
      { kind: 'ServiceAccount', name: 'a', namespace: 'default' },
    ],
  }),
  inVersion('scheduling.k8s.io/v1', 'priorityclasses', { metadata: named('cmp-pc'), value: 5 }, 'cluster'),
  inVersion(
    'storage.k8s.io/v1',
    'storageclasses',
    { metadata: named('cmp-sc'), provisioner: 'x.y' },
    'cluster',
  ),
  inVersion('storage.k8s.io/v1', 'csidrivers', { metadata: named('cmp.x.y'), spec: {} }, 'cluster'),
  inVersion(
    'storage.k8s.io/v1',
    'csinodes',
    { metadata: named('cmp'), spec: { drivers: [{ name: 'a', nodeID: 'x', topologyKeys: ['z'] }] } },
    'cluster',
  ),
  inVersion(
    'storage.k8s.io/v1',
    'volumeattachments',
    {
      metadata: named('cmp'),
      spec: { attacher: 'a', nodeName: 'n', source: { persistentVolumeName: 'cmp-pv' } },
    },
    'cluster',
  ),
  inVersion(
    'storage.k8s.io/v1',
    'volumeattributesclasses',
    { metadata: named('cmp'), driverName: 'a', parameters: { a: 'b' } },
    'cluster',
  ),
  inVersion('coordination.k8s.io/v1', 'leases', {
    metadata: named('a'),
    spec: { holderIdentity: 'x', leaseDurationSeconds: 5 },
  }),
  inVersion('node.k8s.io/v1', 'runtimeclasses', { metadata: named('cmp'), handler: 'h' }, 'cluster'),
  inVersion(
    'admissionregistration.k8s.io/v1',
    'validatingwebhookconfigurations',
    {
      metadata: named('cmp'),
      webhooks: [
        {
          name: 'a.b.c',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          clientConfig: { service: { name: 'x', namespace: 'y' } },
          rules: [{ apiGroups: ['zz'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['none'] }],
        },
      ],
    },
    'cluster',
  ),
  inVersion(
    'admissionregistration.k8s.io/v1',
    'mutatingwebhookconfigurations',
    {
      metadata: named('cmp'),
      webhooks: [
        {
          name: 'a.b.c',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          clientConfig: { url: 'https://x.y' },
          rules: [{ apiGroups: ['zz'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['none'] }],
        },
      ],
    },
    'cluster',
  ),
  inVersion(
    'flowcontrol.apiserver.k8s.io/v1',
    'flowschemas',
    { metadata: named('cmp'), spec: { priorityLevelConfiguration: { name: 'global-default' } } },
    'cluster',
  ),
  inVersion(
    'flowcontrol.apiserver.k8s.io/v1',
    'prioritylevelconfigurations',
    { metadata: named('cmp'), spec: { type: 'Limited', limited: { limitResponse: { type: 'Queue' } } } },
    'cluster',
  ),
  inVersion('resource.k8s.io/v1', 'deviceclasses', { metadata: named('cmp.x'), spec: {} }, 'cluster'),
  inVersion('resource.k8s.io/v1', 'resourceclaims', {
    metadata: named('a'),
    spec: { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'cmp.x' } }] } },
  }),
  inCore('nodes', { metadata: named('cmp-node') }, '/api/v1'),
  inCore('events', {
    metadata: named('ev'),
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'x' },
    reason: 'R',
    message: 'm',
    type: 'Normal',
  }),
  inVersion('events.k8s.io/v1', 'events', {
    metadata: named('ev2'),
    regarding: { kind: 'Pod', namespace: 'default', name: 'x' },
    reason: 'R',
    note: 'm',
    type: 'Normal',
    action: 'a',
    reportingController: 'a.b/c',
    reportingInstance: 'i',
    eventTime: '2026-01-01T00:00:00.000000Z',
  }),
  inVersion(
    'apiextensions.k8s.io/v1',
    'customresourcedefinitions',
    {
      metadata: named('cmps.ex.io'),
      spec: {
        group: 'ex.io',
        scope: 'Namespaced',
        names: { plural: 'cmps', kind: 'Cmp' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: {
                    type: 'object',
                    properties: {
                      n: { type: 'integer', default: 3, minimum: 1 },
                      s: { type: 'string', enum: ['a', 'b'] },
                    },
                  },
                },
              },
            },
          },
        ],
      },
    },
    'cluster',
  ),
  inVersion(
    'certificates.k8s.io/v1',
    'certificatesigningrequests',
    {
      metadata: named('cmp'),
      spec: { request: Buffer.from('x').toString('base64'), signerName: 'a.b/c', usages: ['client auth'] },
    },
    'cluster',
  ),
];
