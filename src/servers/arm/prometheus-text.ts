import type { Metric, Sample } from '../../autoscaler/index.js';

/** The content type of the text (Prometheus: exposition formats, text-based format). */
export const prometheusType = 'text/plain; version=0.0.4; charset=utf-8';

const escapedHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const escapedValue = (text: string): string => escapedHelp(text).replaceAll('"', '\\"');

/** Metrics as Prometheus scrapes them; one without samples is left out. */
export const prometheusText = (metrics: readonly Metric[]): string =>
  metrics
    .filter(({ samples }) => samples.length > 0)
    .map(
      ({ name, type, help, samples }) =>
        `# HELP ${name} ${escapedHelp(help)}\n# TYPE ${name} ${type}\n` +
        samples.map((sample) => `${name}${labelText(sample)} ${String(sample.value)}\n`).join(''),
    )
    .join('');

function labelText({ labels }: Sample): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapedValue(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}
