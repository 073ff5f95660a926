/** All emoji, searchable, from data that comes with the page. */
import { EmojiPicker as Picker, type EmojiData } from "frimousse";
import { emoji, groups } from "virtual:emoji";

const data: EmojiData = {
  locale: "en",
  categories: groups.map(([index, label]) => ({ index, label: capitalised(label) })),
  emojis: emoji.map(([emoji, category, label, tags]) => ({
    emoji,
    category,
    label,
    version: 0,
    tags: tags.split(" "),
  })),
  skinTones: {
    dark: "dark",
    light: "light",
    medium: "medium",
    "medium-dark": "medium dark",
    "medium-light": "medium light",
  },
};

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The picker counts rows and columns from 0, which screen readers take for a mistake. */
function fromOne(at: number | undefined): number | undefined {
  return at === undefined ? undefined : at + 1;
}

export default function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  return (
    <Picker.Root
      columns={8}
      resolveEmojiData={() => data}
      onEmojiSelect={({ emoji }) => onPick(emoji)}
      className="isolate flex h-full flex-col"
    >
      <Picker.Search
        autoFocus
        aria-label="Search emoji"
        placeholder="Search emoji"
        className="m-2 h-9 shrink-0 appearance-none rounded-lg border border-edge bg-surface px-3 text-ink focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent"
      />
      <Picker.Viewport className="relative flex-1 overflow-y-auto overflow-x-hidden outline-none">
        <Picker.Empty className="absolute inset-0 grid place-items-center text-[0.867rem] text-soft">
          No emoji of this name.
        </Picker.Empty>
        <Picker.List
          className="pb-2 select-none"
          components={{
            CategoryHeader: ({ category, ...rest }) => (
              <div {...rest} className="bg-raised px-3 pt-2 pb-1 text-[0.8rem] font-medium text-soft">
                {category.label}
              </div>
            ),
            Row: ({ children, ...rest }) => (
              <div {...rest} aria-rowindex={fromOne(rest["aria-rowindex"])} className="px-1.5">
                {children}
              </div>
            ),
            Emoji: ({ emoji, ...rest }) => (
              <button
                {...rest}
                aria-colindex={fromOne(rest["aria-colindex"])}
                className="grid size-8 place-items-center rounded-md text-[1.2rem] data-[active]:bg-hover"
              >
                {emoji.emoji}
              </button>
            ),
          }}
        />
      </Picker.Viewport>
    </Picker.Root>
  );
}
