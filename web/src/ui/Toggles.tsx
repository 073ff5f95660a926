/** A row of choices of which any are taken, one at least. */
import { Check } from "lucide-react";
import { ToggleGroup } from "radix-ui";

interface TogglesProps<T extends string> {
  label: string;
  values: readonly T[];
  options: readonly { value: T; label: string }[];
  onChange: (values: T[]) => void;
}

export function Toggles<T extends string>({ label, values, options, onChange }: TogglesProps<T>) {
  return (
    <ToggleGroup.Root
      type="multiple"
      aria-label={label}
      value={[...values]}
      onValueChange={(next) => {
        if (next.length > 0) onChange(next as T[]);
      }}
      className="flex flex-wrap gap-1 rounded-[0.6rem] bg-track p-1"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="group flex h-8 flex-1 items-center justify-center gap-1.5 rounded-md px-1.5 text-[0.867rem] font-medium whitespace-nowrap text-soft transition-colors hover:text-ink data-[state=on]:bg-chosen data-[state=on]:text-ink data-[state=on]:shadow-[0_1px_2px_var(--shadow)]"
        >
          <Check aria-hidden className="hidden size-3.5 group-data-[state=on]:block" />
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
