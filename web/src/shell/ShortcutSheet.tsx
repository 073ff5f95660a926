/** The sheet of keyboard shortcuts, one list for each panel. */
import { hideShortcuts } from "./layout/shortcuts";
import type { Keys } from "../panels/spec";
import { isMac } from "../shared/keyboard";
import { Modal } from "../ui/Modal";
import { panels } from "./registry";

const lists: readonly (readonly [name: string, keys: readonly Keys[]])[] = [
  [
    "The room",
    [
      [
        `Go to ${panels.map(({ label }) => label).join(", ")}`,
        [`${isMac ? "⌃" : "Alt"} ${digitsOf(panels.map(({ digit }) => digit))}`],
      ],
      ["Next region, the one before", ["F6", "Shift F6"]],
      ["Between tabs, or resize at a splitter", ["←", "→"]],
      ["Show this sheet", ["?"]],
    ],
  ],
  ...panels.flatMap(({ label, keys }) => (keys ? [[label, keys] as const] : [])),
];

/** `1 … 4`, or one by one where some are left out. */
function digitsOf(digits: readonly number[]): string {
  const follow = digits.every((digit, at) => at === 0 || digit === (digits[at - 1] ?? 0) + 1);
  return follow && digits.length > 2 ? `${digits[0]} … ${digits.at(-1)}` : digits.join(", ");
}

export default function ShortcutSheet() {
  return (
    <Modal open wide onOpenChange={hideShortcuts} title="Keyboard shortcuts">
      <div className="mt-4 gap-x-10 md:columns-2">
        {lists.map(([name, keys]) => (
          <div key={name} role="group" aria-label={name} className="mb-5 break-inside-avoid">
            <h3 className="text-[0.8rem] font-medium text-soft">{name}</h3>
            <dl className="mt-1 divide-y divide-line">
              {keys.map(([what, combination]) => (
                <div key={what} className="flex items-center justify-between gap-4 py-1.5 text-[0.9rem]">
                  <dt>{what}</dt>
                  <dd className="flex shrink-0 gap-1">
                    {combination.map((key) => (
                      <Key key={key}>{key}</Key>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </Modal>
  );
}

function Key({ children }: { children: string }) {
  return (
    <kbd className="rounded-md border border-edge bg-surface px-1.5 py-0.5 font-sans text-[0.8rem] whitespace-nowrap text-soft">
      {children}
    </kbd>
  );
}
