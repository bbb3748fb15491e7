export const dynamicResources = { group: 'resource.k8s.io', version: 'v1' } as const;
