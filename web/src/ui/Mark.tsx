/** The mark: three birds of one flock. */
export function Mark({ className = "size-8" }: { className?: string }) {
  return (
    <svg viewBox="0 0 64 64" aria-hidden className={className}>
      <rect width="64" height="64" rx="15" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" strokeLinecap="round" strokeLinejoin="round">
        <path strokeWidth="4.6" d="M13 39c6.5-8 12-8 15.5 0c3.5-8 9-8 15.5 0" />
        <path strokeWidth="4" opacity=".85" d="M33 25.5c4-5 7.5-5 9.5 0c2-5 5.5-5 9.5 0" />
        <path strokeWidth="3.2" opacity=".6" d="M16 24c2.7-3.4 5-3.4 6.4 0c1.4-3.4 3.7-3.4 6.4 0" />
      </g>
    </svg>
  );
}
