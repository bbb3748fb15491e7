export const networking = { group: 'networking.k8s.io', version: 'v1' } as const;
