import type { Random } from './random.js';

const accepts = [
  'application/json',
  'application/yaml',
  '*/*',
  'text/html',
  '',
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json',
  'application/vnd.kubernetes.protobuf,application/json',
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json',
  ';;;,,,',
  'application/json;q=x',
  'application/json;as=Table;v=v99;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/json;stream=watch',
  'application/cbor, application/json',
  'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
  `${'a/b,'.repeat(500)}*/*`,
  'ä/ö',
];

/** Headers of a request, beside those of its body. */
export function anyHeaders(random: Random): Readonly<Record<string, string>> {
  return {
    ...(random.oneIn(2) && { accept: random.pick(accepts) }),
    ...(random.oneIn(5) && { 'accept-encoding': random.pick(['gzip', 'br', 'x', 'gzip;q=0']) }),
    ...(random.oneIn(20) && {
      'impersonate-user': random.pick(['bob', 'system:serviceaccount:default:default', '', '__proto__']),
    }),
    ...(random.oneIn(150) && { 'impersonate-group': random.pick(['system:masters', 'x', '']) }),
    ...(random.oneIn(150) && { 'impersonate-extra-x%zz': 'y' }),
    ...(random.oneIn(40) && {
      authorization: random.pick([
        '',
        'Bearer',
        'Bearer x',
        'Basic eDp4',
        'Bearer a.b.c',
        'Negotiate x',
        'Bearer \u00e4',
        `Bearer ${'eyJ.'.repeat(500)}`,
      ]),
    }),
    ...(random.oneIn(40) && { 'if-none-match': random.pick(['"x"', '*', '']) }),
    ...(random.oneIn(40) && { 'user-agent': random.pick(['', 'kubectl/v1.35', '/', 'x'.repeat(300)]) }),
    ...(random.oneIn(150) && { 'impersonate-uid': 'x' }),
    ...(random.oneIn(150) && { cookie: '__proto__=x; =; ;;' }),
    ...(random.oneIn(150) && { 'x-forwarded-for': '999.1.2.3' }),
    ...(random.oneIn(150) && { [`x-${'y'.repeat(1 + random.below(200))}`]: 'z'.repeat(random.below(2000)) }),
    ...(random.oneIn(150) && { 'if-match': '"x"' }),
    ...(random.oneIn(150) && { range: 'bytes=5-1' }),
    ...(random.oneIn(40) && { 'content-encoding': random.pick(['gzip', 'identity', 'x']) }),
  };
}
