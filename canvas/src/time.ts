const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const DATE = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });

/** How long ago, in words, up to a week; then the date. */
export function ago(time: string, now: number): string {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  if (Number.isNaN(seconds)) return '';
  if (seconds < -7 * 86_400) return DATE.format(Date.parse(time));
  for (const [unit, length] of STEPS) {
    if (-seconds >= length) return RELATIVE.format(Math.ceil(seconds / length), unit);
  }
  return 'just now';
}
