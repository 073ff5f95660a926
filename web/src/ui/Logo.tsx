/** The logo: two birds that keep close. */
export function Logo({ className = "size-8" }: { className?: string }) {
  return (
    <svg viewBox="0 0 64 64" aria-hidden className={className}>
      <rect width="64" height="64" rx="15" fill="var(--fill)" />
      <g fill="none" stroke="#fff" strokeLinecap="round" strokeLinejoin="round">
        <path strokeWidth="5.5" d="M9 43c8.5-12 16-11 20 0c4-11 11.5-12 20 0" />
        <path strokeWidth="4.5" opacity=".75" d="M32 26c4.8-7 9-6.5 11.3 0c2.3-6.5 6.5-7 11.3 0" />
      </g>
    </svg>
  );
}
