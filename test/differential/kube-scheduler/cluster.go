package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/events"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/scheduler"
	"k8s.io/kubernetes/pkg/scheduler/apis/config"
	"k8s.io/kubernetes/pkg/scheduler/apis/config/scheme"
	internalcache "k8s.io/kubernetes/pkg/scheduler/backend/cache"
	"k8s.io/kubernetes/pkg/scheduler/framework"
)

// startProfile makes a scheduler that sees the cluster of the case, and gives the profile that the pod names with its
// snapshot taken.
func startProfile(ctx context.Context, input *Case, settings *config.KubeSchedulerConfiguration) (framework.Framework, error) {
	client := fake.NewSimpleClientset(input.objects()...)
	factory := informers.NewSharedInformerFactory(client, 0)
	recorder := func(string) events.EventRecorder { return &events.FakeRecorder{} }
	sched, err := scheduler.New(ctx, client, factory, nil, recorder,
		scheduler.WithProfiles(settings.Profiles...),
		scheduler.WithPercentageOfNodesToScore(settings.PercentageOfNodesToScore),
		scheduler.WithParallelism(1))
	if err != nil {
		return nil, err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	if err := sched.WaitForHandlersSync(ctx); err != nil {
		return nil, err
	}
	if len(input.Claims)+len(input.ResourceClaims) > 0 {
		// Plugins have handlers of their own, and no way to ask whether they are through.
		time.Sleep(20 * time.Millisecond)
	}
	// Nodes and the pods on them are put where they belong directly: in the order of the case, which no client keeps.
	logger := klog.FromContext(ctx)
	for _, node := range input.Nodes {
		sched.Cache.AddNode(logger, node)
	}
	for _, pod := range input.boundPods() {
		if err := sched.Cache.AddPod(logger, pod); err != nil {
			return nil, err
		}
	}
	profile, found := sched.Profiles[input.Pod.Spec.SchedulerName]
	if !found {
		return nil, fmt.Errorf("no profile is called %q", input.Pod.Spec.SchedulerName)
	}
	snapshot, isSnapshot := profile.SnapshotSharedLister().(*internalcache.Snapshot)
	if !isSnapshot {
		return nil, fmt.Errorf("the snapshot is a %T", profile.SnapshotSharedLister())
	}
	return profile, sched.Cache.UpdateSnapshot(logger, snapshot)
}

// settingsOf reads the configuration as kube-scheduler reads its file, with all defaults.
func settingsOf(input *Case) (*config.KubeSchedulerConfiguration, error) {
	members := map[string]json.RawMessage{}
	for name, value := range input.Configuration {
		members[name] = value
	}
	members["apiVersion"] = json.RawMessage(`"kubescheduler.config.k8s.io/v1"`)
	members["kind"] = json.RawMessage(`"KubeSchedulerConfiguration"`)
	text, err := json.Marshal(members)
	if err != nil {
		return nil, err
	}
	object, _, err := scheme.Codecs.UniversalDecoder().Decode(text, nil, nil)
	if err != nil {
		return nil, err
	}
	settings, isSettings := object.(*config.KubeSchedulerConfiguration)
	if !isSettings {
		return nil, fmt.Errorf("the configuration is a %T", object)
	}
	return settings, nil
}
