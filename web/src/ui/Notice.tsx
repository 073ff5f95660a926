/** A sentence in its own quiet box: something to know, or something that is wrong. */
import { Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

interface NoticeProps {
  tone?: "plain" | "warn" | "bad";
  alert?: boolean;
  action?: ReactNode;
  children: ReactNode;
}

const looks = {
  plain: "bg-surface border-line [&>svg]:text-soft",
  warn: "bg-warn-tint border-warn/25 [&>svg]:text-warn",
  bad: "bg-bad-tint border-bad/25 [&>svg]:text-bad",
};

export function Notice({ tone = "plain", alert = false, action, children }: NoticeProps) {
  const Icon = tone === "plain" ? Info : TriangleAlert;
  return (
    <div
      role={alert ? "alert" : undefined}
      className={`flex items-start gap-3 rounded-xl border px-4 py-3 text-[0.933rem] animate-fade ${looks[tone]}`}
    >
      <Icon aria-hidden className="mt-[0.2rem] size-4 shrink-0" />
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  );
}
