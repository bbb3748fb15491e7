export const storage = { group: 'storage.k8s.io', version: 'v1', namespaced: false } as const;
