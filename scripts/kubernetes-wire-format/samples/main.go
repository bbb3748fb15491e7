// Writes src/servers/kubernetes/protobuf/samples.json: objects as the official Go types put them into protobuf and JSON.
//
//	cd scripts/kubernetes-wire-format && go run ./samples > ../../src/servers/kubernetes/protobuf/samples.json
package main

import (
	"bytes"
	"encoding/json"
	"os"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
)

var manifests = []string{`
apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {"__proto__": x, b: ""}, annotations: {}, finalizers: [x/y, z/w], creationTimestamp: "2026-01-02T03:04:05Z"}
data: {text: "ä\n", empty: ""}
binaryData: {blob: AAECAw==}
immutable: false
`, `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  generation: 3
  managedFields: [{manager: m, operation: Update, apiVersion: apps/v1, time: "2026-01-02T03:04:05Z", fieldsType: FieldsV1, fieldsV1: {"f:spec": {"k:{\"name\":\"a\"}": {".": {}}}}}]
spec:
  replicas: 0
  minReadySeconds: 0
  paused: true
  strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}
  selector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [a, b]}]}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 0
      volumes: [{name: a, emptyDir: {}}, {name: b, configMap: {name: c, defaultMode: 420}}, {name: c, projected: {sources: [{secret: {name: s}}]}}]
      tolerations: [{operator: Exists, tolerationSeconds: -1}]
      containers:
        - name: web
          image: nginx
          ports: [{containerPort: 80}, {containerPort: 443, name: https}]
          env: [{name: E}, {name: F, valueFrom: {configMapKeyRef: {name: c, key: k, optional: false}}}]
          resources: {requests: {cpu: 100m, memory: 1Gi}}
          livenessProbe: {httpGet: {path: /, port: https}, periodSeconds: 5}
          readinessProbe: {tcpSocket: {port: 80}}
`, `
apiVersion: apps/v1
kind: ControllerRevision
metadata: {name: r}
data: {spec: {a: [1, null, "x"]}}
revision: 9007199254740991
`, `
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: l}
spec: {holderIdentity: me, renewTime: "2026-01-02T03:04:05.000007Z", leaseTransitions: 0}
`, `
apiVersion: authorization.k8s.io/v1
kind: SubjectAccessReview
spec: {user: bob, groups: [a], extra: {scopes: [one, two]}, resourceAttributes: {verb: get, resource: pods}}
status: {allowed: false}
`, `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i}
spec: {rules: [{host: h, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}
`, `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: v}
webhooks:
  - name: w.x.y
    clientConfig: {caBundle: AAEC, service: {namespace: ns, name: s, port: 443}}
    rules: [{operations: [CREATE], apiGroups: [""], apiVersions: [v1], resources: [pods], scope: Namespaced}]
    sideEffects: None
    admissionReviewVersions: [v1]
`, `
apiVersion: v1
kind: Event
metadata: {name: e}
involvedObject: {kind: Pod, name: pod}
count: 3
eventTime: null
firstTimestamp: "2026-01-02T03:04:05Z"
`, `
apiVersion: v1
kind: DeleteOptions
gracePeriodSeconds: 0
propagationPolicy: Foreground
preconditions: {uid: u}
`, `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {plural: widgets, kind: Widget}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            size: {type: integer, minimum: 0, maximum: 1.5, default: 7}
            open: {type: object, additionalProperties: true, x-kubernetes-preserve-unknown-fields: true}
            map: {type: object, additionalProperties: {type: string, enum: [a, b]}}
            list: {type: array, items: {type: string}, x-kubernetes-list-type: set}
            port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
`}

func main() {
	all := runtime.NewScheme()
	must(scheme.AddToScheme(all))
	must(apiextensions.AddToScheme(all))
	codec := protobuf.NewSerializer(all, all)
	type sample struct {
		Protobuf []byte          `json:"protobuf"`
		JSON     json.RawMessage `json:"json"`
	}
	var samples []sample
	for _, manifest := range manifests {
		asJSON, err := yaml.ToJSON([]byte(manifest))
		must(err)
		var kind struct{ APIVersion, Kind string }
		must(json.Unmarshal(asJSON, &kind))
		object, err := all.New(schema.FromAPIVersionAndKind(kind.APIVersion, kind.Kind))
		must(err)
		must(json.Unmarshal(asJSON, object))
		var wire bytes.Buffer
		must(codec.Encode(object, &wire))
		written, err := json.Marshal(object)
		must(err)
		samples = append(samples, sample{wire.Bytes(), written})
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	must(out.Encode(samples))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
