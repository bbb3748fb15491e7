import type { Pod } from '../../kube/index.js';
import { after } from '../../units/index.js';
import { drainingPods } from '../actuation/index.js';
import type { Agenda } from '../agenda.js';
import { recordDecision, setAlarms } from '../decisions/recorder.js';
import type { PodGroup } from '../estimator/index.js';
import { isDaemon } from '../drainability/index.js';
import { thoseWithoutRoom } from '../pending/fit.js';
import { heldBackUntil, ripePods } from '../pending/young.js';
import { tellOfMaximum, tellOfNoScaleUp, tellOfScaleUp } from '../pod-events.js';
import type { ClusterState } from '../state/cluster-state.js';
import type { Turn } from '../turn.js';
import { equivalenceGroups } from './equivalence.js';
import { hindrances } from './exhaustion.js';
import { raiseToMinimum } from './minimum.js';
import { askingPods, consideredGroups, reasonsFor } from './report.js';
import { scaleUp } from './scale-up.js';
import type { ScaleUp } from './scale-up.js';
import type { Templates } from '../templates/templates.js';

/** What a loop did to let pods have nodes. */
export interface ScaleUpTurn {
  readonly hasGrown: boolean;
  /** A group was asked to grow, whatever came of it. */
  readonly hasTried: boolean;
  /** Pods are too new to tell what is needed: nothing is deleted either. */
  readonly holdsDeletions: boolean;
}

/** The growing half of a loop: who asks for nodes, which group grows for them, and which are below their minimum. */
export function scaleUpTurn(
  turn: Turn,
  cluster: ClusterState,
  templates: Templates,
  unschedulable: readonly Pod[],
  agenda: Agenda,
): ScaleUpTurn {
  const pods = [...unschedulable, ...drainingPods(turn.tx, turn.cluster, turn.options)];
  const groups = whoAsk(turn, pods, agenda);
  const asking = groups.flatMap((group) => group.pods);
  const heldUntil = asking.length > 0 ? heldBackUntil(asking, turn.now) : undefined;
  agenda.add(heldUntil);
  if (heldUntil !== undefined) return { ...nothing, holdsDeletions: true };
  if (groups.length === 0) setAlarms(turn, []);
  const outcome = groups.length > 0 ? grow(turn, cluster, templates, groups, agenda) : 'not tried';
  // One decision a loop: groups below their minimum wait for the next.
  const last = outcome === 'grown' ? outcome : raise(turn, cluster, templates);
  // What one zone does not do for pods that wait, another may.
  if (pods.length > 0 && templates.hasDrawn) agenda.add(after(turn.now, turn.options.scanInterval));
  const hasTried = outcome !== 'not tried' || last !== 'not tried';
  return { hasGrown: last === 'grown', hasTried, holdsDeletions: false };
}

const nothing: ScaleUpTurn = { hasGrown: false, hasTried: false, holdsDeletions: false };

/** What became of groups that might have grown. */
type Growth = 'grown' | 'failed' | 'not tried';

/** Pods for which there is no room, old enough to ask, and not bound to a node by what they are. */
function whoAsk({ supposed, options, now }: Turn, pods: readonly Pod[], agenda: Agenda): readonly PodGroup[] {
  const kinds = equivalenceGroups(pods, (pod) => supposed.kindOf(pod));
  const homeless = thoseWithoutRoom(kinds, supposed);
  return homeless.flatMap((group): readonly PodGroup[] => {
    const { ripe, next } = ripePods(
      group.pods.filter((pod) => !isDaemon(pod)),
      options.newPodScaleUpDelay,
      now,
    );
    agenda.addPast(next);
    return ripe.length > 0 ? [{ ...group, pods: ripe }] : [];
  });
}

function grow(
  turn: Turn,
  cluster: ClusterState,
  templates: Templates,
  groups: readonly PodGroup[],
  agenda: Agenda,
): Growth {
  const found = scaleUp(turn, cluster, templates, groups);
  const pods = askingPods(found.survey, groups);
  const considered = consideredGroups(cluster, found);
  switch (found.kind) {
    case 'scaled up':
      recordDecision(turn, { kind: 'scale-up', pods, considered, plan: found.plan });
      tellOfScaleUp(turn, found.helped, found.plan);
      return 'grown';
    case 'failed': {
      const { done, failure } = found.execution;
      recordDecision(turn, {
        kind: 'scale-up',
        pods,
        considered,
        plan: found.plan,
        ...(failure && { failure }),
      });
      return done.length > 0 ? 'grown' : 'failed';
    }
    case 'limited':
      agenda.add(tellOfMaximum(turn, found.pods));
      return 'not tried';
    case 'no options': {
      const alarms = hindrances(turn, cluster, templates, found.survey, groups);
      setAlarms(turn, alarms);
      const exhaustions = alarms.map(({ exhaustion }) => exhaustion);
      agenda.add(recordDecision(turn, { kind: 'no scale-up', pods, considered, exhaustions }));
      tellUnhelped(turn, found, groups, agenda);
      return 'not tried';
    }
  }
}

/** Tells pods that no group would take why; those that one would are told nothing, as the next loop may help them. */
function tellUnhelped(turn: Turn, { survey }: ScaleUp, groups: readonly PodGroup[], agenda: Agenda): void {
  const taken = new Set([...survey.candidates.values()].flatMap(({ schedulable }) => schedulable));
  for (const group of groups)
    if (!taken.has(group)) agenda.add(tellOfNoScaleUp(turn, group.pods, reasonsFor(survey, group)));
}

/** Brings groups up to their minimum. */
function raise(turn: Turn, cluster: ClusterState, templates: Templates): Growth {
  if (!turn.options.enforceNodeGroupMinSize) return 'not tried';
  const raised = raiseToMinimum(turn, cluster, templates);
  if (!raised) return 'not tried';
  const { plan, done, failure } = raised;
  recordDecision(turn, { kind: 'minimum', plan, ...(failure && { failure }) });
  return done.length > 0 ? 'grown' : 'failed';
}
