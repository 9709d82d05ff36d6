const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });
const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const DATE = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });

/** How long ago, in words, up to a week; then the date. */
export function ago(time: string, now: number): string {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  if (Number.isNaN(seconds)) return '';
  if (seconds < -7 * 86_400) return dateOf(new Date(time), new Date(now));
  for (const [unit, length] of STEPS) {
    if (-seconds >= length) return RELATIVE.format(Math.ceil(seconds / length), unit);
  }
  return 'just now';
}

function dateOf(time: Date, now: Date): string {
  return (time.getFullYear() === now.getFullYear() ? DAY : DATE).format(time);
}
