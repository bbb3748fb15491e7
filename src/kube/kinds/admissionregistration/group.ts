export const admission = { group: 'admissionregistration.k8s.io', version: 'v1', namespaced: false } as const;
