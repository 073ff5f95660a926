/** Days, as the person's own calendar has them. */

/** A number for the day of a moment, greater for later days. */
export function dayNumberOf(at: number): number {
  const date = new Date(at);
  return date.getFullYear() * 400 + date.getMonth() * 31 + date.getDate();
}

export function isSameDay(a: number, b: number): boolean {
  return dayNumberOf(a) === dayNumberOf(b);
}
