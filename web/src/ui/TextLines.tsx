/** The outline of lines of text that are loading. */
export function TextLines() {
  return (
    <div aria-hidden className="space-y-4">
      {[38, 62, 54, 20, 47, 30].map((width) => (
        <div key={width} className="h-3 rounded bg-line animate-breathe" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
