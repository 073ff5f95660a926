/** A row of choices of which one is taken. */
import { RadioGroup } from "radix-ui";
import type { ReactNode } from "react";

interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: ReactNode }[];
  onChange: (value: T) => void;
}

export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as T)}
      className="flex gap-1 rounded-[0.6rem] bg-track p-1"
      orientation="horizontal"
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          className="h-8 flex-1 rounded-md px-2 text-[0.867rem] font-medium whitespace-nowrap text-soft transition-colors hover:text-ink data-[state=checked]:bg-chosen data-[state=checked]:text-ink data-[state=checked]:shadow-[0_1px_2px_var(--shadow)]"
        >
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
