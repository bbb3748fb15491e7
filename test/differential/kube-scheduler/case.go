package main

import (
	"encoding/json"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	policy "k8s.io/api/policy/v1"
	resource "k8s.io/api/resource/v1"
	storage "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Case is one pending pod and the cluster that a scheduler sees; the format is that of docs/differential.md.
type Case struct {
	Configuration          map[string]json.RawMessage    `json:"configuration"`
	StartNodeIndex         int                           `json:"startNodeIndex"`
	Nodes                  []*core.Node                  `json:"nodes"`
	Pods                   []*core.Pod                   `json:"pods"`
	Pod                    *core.Pod                     `json:"pod"`
	Namespaces             []*core.Namespace             `json:"namespaces"`
	Services               []*core.Service               `json:"services"`
	ReplicationControllers []*core.ReplicationController `json:"replicationControllers"`
	ReplicaSets            []*apps.ReplicaSet            `json:"replicaSets"`
	StatefulSets           []*apps.StatefulSet           `json:"statefulSets"`
	Claims                 []*core.PersistentVolumeClaim `json:"persistentVolumeClaims"`
	Volumes                []*core.PersistentVolume      `json:"persistentVolumes"`
	StorageClasses         []*storage.StorageClass       `json:"storageClasses"`
	CSINodes               []*storage.CSINode            `json:"csiNodes"`
	CSIDrivers             []*storage.CSIDriver          `json:"csiDrivers"`
	Capacities             []*storage.CSIStorageCapacity `json:"csiStorageCapacities"`
	Attachments            []*storage.VolumeAttachment   `json:"volumeAttachments"`
	Budgets                []*policy.PodDisruptionBudget `json:"podDisruptionBudgets"`
	ResourceClaims         []*resource.ResourceClaim     `json:"resourceClaims"`
	DeviceClasses          []*resource.DeviceClass       `json:"deviceClasses"`
	ResourceSlices         []*resource.ResourceSlice     `json:"resourceSlices"`
}

// Refusal says why a plugin does not want the pod on a node. Code is U when removing pods may help, else UU.
type Refusal struct {
	Plugin  string   `json:"plugin"`
	Reasons []string `json:"reasons"`
	Code    string   `json:"code"`
}

// Decision is what is written into the case.
type Decision struct {
	Node          string                      `json:"node,omitempty"`
	Message       string                      `json:"message,omitempty"`
	NominatedNode string                      `json:"nominatedNode,omitempty"`
	Victims       []string                    `json:"victims,omitempty"`
	Refusals      map[string]Refusal          `json:"refusals"`
	Feasible      []string                    `json:"feasible"`
	Scores        map[string]map[string]int64 `json:"scores"`
}

// isOver tells that a pod takes up nothing any more; the scheduler does not even hear of such pods.
func isOver(pod *core.Pod) bool {
	return pod.Status.Phase == core.PodSucceeded || pod.Status.Phase == core.PodFailed
}

// boundPods are those on nodes.
func (c *Case) boundPods() []*core.Pod {
	var bound []*core.Pod
	for _, pod := range c.Pods {
		if pod.Spec.NodeName != "" && !isOver(pod) {
			bound = append(bound, pod)
		}
	}
	return bound
}

// objects are those that the scheduler has from the API server, apart from nodes and the pods on them.
func (c *Case) objects() []runtime.Object {
	objects := []runtime.Object{c.Pod}
	for _, pod := range c.Pods {
		if pod.Spec.NodeName == "" && !isOver(pod) {
			objects = append(objects, pod)
		}
	}
	objects = appendAll(objects, c.Namespaces)
	objects = appendAll(objects, c.Services)
	objects = appendAll(objects, c.ReplicationControllers)
	objects = appendAll(objects, c.ReplicaSets)
	objects = appendAll(objects, c.StatefulSets)
	objects = appendAll(objects, c.Claims)
	objects = appendAll(objects, c.Volumes)
	objects = appendAll(objects, c.StorageClasses)
	objects = appendAll(objects, c.CSINodes)
	objects = appendAll(objects, c.CSIDrivers)
	objects = appendAll(objects, c.Capacities)
	objects = appendAll(objects, c.Attachments)
	objects = appendAll(objects, c.Budgets)
	objects = appendAll(objects, c.ResourceClaims)
	objects = appendAll(objects, c.DeviceClasses)
	return appendAll(objects, c.ResourceSlices)
}

func appendAll[Object runtime.Object](all []runtime.Object, objects []Object) []runtime.Object {
	for _, object := range objects {
		all = append(all, object)
	}
	return all
}
