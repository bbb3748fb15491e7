package main

import (
	"context"
	"errors"
	"fmt"
	"sort"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/sets"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler"
	"k8s.io/kubernetes/pkg/scheduler/apis/config"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/defaultpreemption"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/feature"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/names"
)

// attempt is one attempt to schedule the pod of a case: the extension points of kube-scheduler, run one after the other.
type attempt struct {
	ctx       context.Context
	input     *Case
	settings  *config.KubeSchedulerConfiguration
	profile   framework.Framework
	state     fwk.CycleState
	nodes     []fwk.NodeInfo
	diagnosis framework.Diagnosis
	decision  *Decision
}

func decide(input *Case) (*Decision, error) {
	pod := input.Pod
	if pod.DeletionTimestamp != nil || len(pod.Spec.SchedulingGates) > 0 || pod.Spec.NodeName != "" {
		return nil, errors.New("the scheduler is not asked about such a pod")
	}
	settings, err := settingsOf(input)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	profile, err := startProfile(ctx, input, settings)
	if err != nil {
		return nil, err
	}
	nodes, err := profile.SnapshotSharedLister().NodeInfos().List()
	if err != nil {
		return nil, err
	}
	a := &attempt{
		ctx:       ctx,
		input:     input,
		settings:  settings,
		profile:   profile,
		state:     framework.NewCycleState(),
		nodes:     nodes,
		diagnosis: framework.Diagnosis{NodeToStatus: framework.NewDefaultNodeToStatus()},
		decision:  &Decision{Refusals: map[string]Refusal{}, Feasible: []string{}, Scores: map[string]map[string]int64{}},
	}
	if len(nodes) == 0 {
		a.decision.Message = scheduler.ErrNoNodesAvailable.Error()
		return a.decision, nil
	}
	feasible, err := a.findFeasible()
	if err != nil {
		return nil, err
	}
	if len(feasible) == 0 {
		return a.decision, a.explain()
	}
	return a.decision, a.choose(feasible)
}

func (a *attempt) findFeasible() ([]fwk.NodeInfo, error) {
	result, status, plugins := a.profile.RunPreFilterPlugins(a.ctx, a.state, a.input.Pod)
	if status.IsRejected() {
		a.diagnosis.NodeToStatus.SetAbsentNodesStatus(status)
		a.diagnosis.PreFilterMsg = status.Message()
		return nil, nil
	}
	if !status.IsSuccess() {
		return nil, status.AsError()
	}
	if nominated, err := a.profile.SnapshotSharedLister().NodeInfos().Get(a.input.Pod.Status.NominatedNodeName); err == nil {
		if a.fits(nominated) {
			return []fwk.NodeInfo{nominated}, nil
		}
	}
	nodes := a.nodes
	if !result.AllNodes() {
		nodes = nil
		for _, node := range a.nodes {
			if result.NodeNames.Has(node.Node().Name) {
				nodes = append(nodes, node)
			}
		}
		reason := fmt.Sprintf("node(s) didn't satisfy plugin(s) %v", sets.List(plugins))
		a.diagnosis.NodeToStatus.SetAbsentNodesStatus(fwk.NewStatus(fwk.UnschedulableAndUnresolvable, reason))
	}
	var feasible []fwk.NodeInfo
	enough := a.enough(len(nodes))
	for step := 0; step < len(nodes) && len(feasible) < enough; step++ {
		if node := nodes[(a.input.StartNodeIndex+step)%len(nodes)]; a.fits(node) {
			feasible = append(feasible, node)
		}
	}
	return feasible, nil
}

// fits keeps the reason when the pod does not fit.
func (a *attempt) fits(node fwk.NodeInfo) bool {
	status := a.profile.RunFilterPluginsWithNominatedPods(a.ctx, a.state, a.input.Pod, node)
	if status.IsSuccess() {
		return true
	}
	code := "U"
	if status.Code() == fwk.UnschedulableAndUnresolvable {
		code = "UU"
	}
	name := node.Node().Name
	a.decision.Refusals[name] = Refusal{Plugin: status.Plugin(), Reasons: status.Reasons(), Code: code}
	a.diagnosis.NodeToStatus.Set(name, status)
	return false
}

// enough is how many feasible nodes kube-scheduler is content with.
func (a *attempt) enough(nodes int) int {
	if nodes < 100 {
		return nodes
	}
	percentage := 0
	for _, configured := range []*int32{a.settings.PercentageOfNodesToScore, a.profile.PercentageOfNodesToScore()} {
		if configured != nil {
			percentage = int(*configured)
		}
	}
	if percentage == 0 {
		percentage = max(5, 50-nodes/125)
	}
	return max(100, nodes*percentage/100)
}

func (a *attempt) choose(feasible []fwk.NodeInfo) error {
	for _, node := range feasible {
		a.decision.Feasible = append(a.decision.Feasible, node.Node().Name)
	}
	a.decision.Node = a.decision.Feasible[0]
	if len(feasible) == 1 {
		return nil
	}
	if status := a.profile.RunPreScorePlugins(a.ctx, a.state, a.input.Pod, feasible); !status.IsSuccess() {
		return status.AsError()
	}
	nodes, status := a.profile.RunScorePlugins(a.ctx, a.state, a.input.Pod, feasible)
	if !status.IsSuccess() {
		return status.AsError()
	}
	best := nodes[0]
	for _, node := range nodes {
		scores := map[string]int64{}
		for _, plugin := range node.Scores {
			scores[plugin.Name] = plugin.Score
		}
		a.decision.Scores[node.Name] = scores
		if node.TotalScore > best.TotalScore {
			best = node
		}
	}
	a.decision.Node = best.Name
	return nil
}

// explain fills in the message, and the node that is nominated when pods are preempted.
func (a *attempt) explain() error {
	if a.profile.HasPostFilterPlugins() {
		result, status := a.profile.RunPostFilterPlugins(a.ctx, a.state, a.input.Pod, a.diagnosis.NodeToStatus)
		a.diagnosis.PostFilterMsg = status.Message()
		if status.IsSuccess() {
			if err := a.nominate(result.NominatedNodeName); err != nil {
				return err
			}
		}
	}
	failure := &framework.FitError{Pod: a.input.Pod, NumAllNodes: len(a.nodes), Diagnosis: a.diagnosis}
	a.decision.Message = failure.Error()
	return nil
}

// nominate finds out which pods have to leave the node: their eviction, which goes on elsewhere, does not tell.
func (a *attempt) nominate(name string) error {
	node, err := a.profile.SnapshotSharedLister().NodeInfos().Get(name)
	if err != nil {
		return err
	}
	for _, plugin := range a.settings.Profiles[0].PluginConfig {
		if plugin.Name != names.DefaultPreemption {
			continue
		}
		preemption, err := defaultpreemption.New(a.ctx, plugin.Args, a.profile, feature.Features{})
		if err != nil {
			return err
		}
		victims, _, status := preemption.SelectVictimsOnNode(a.ctx, a.state.Clone(), a.input.Pod, node.Snapshot(), a.input.Budgets)
		if !status.IsSuccess() {
			return status.AsError()
		}
		a.decision.NominatedNode = name
		a.decision.Victims = namesOf(victims)
		return nil
	}
	return errors.New("preemption is not configured")
}

func namesOf(pods []*core.Pod) []string {
	var all []string
	for _, pod := range pods {
		all = append(all, pod.Namespace+"/"+pod.Name)
	}
	sort.Strings(all)
	return all
}
