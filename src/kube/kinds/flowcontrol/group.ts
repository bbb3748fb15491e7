export const flowControl = {
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  namespaced: false,
  hasStatus: true,
} as const;
