/** A dialog: Radix does focus, Escape and what is behind it. */
import { X } from "lucide-react";
import { AlertDialog, Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { Button, IconButton } from "./Button";
import { Opener, useFocusBack } from "./focusBack";

const veil = "fixed inset-0 z-40 bg-(--veil) animate-fade";
const sheet =
  "fixed z-50 inset-x-0 bottom-0 mx-auto max-h-[92dvh] w-full overflow-y-auto rounded-t-2xl border border-line " +
  "bg-raised p-6 shadow-[0_24px_70px_-12px_var(--shadow)] animate-rise focus:outline-none " +
  "sm:bottom-auto sm:top-[min(12vh,7rem)] sm:max-h-[calc(100dvh-min(12vh,7rem)-1rem)] sm:rounded-2xl pb-[max(1.5rem,env(safe-area-inset-bottom))]";

interface ModalProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  about?: ReactNode;
  /** Room for two columns. */
  wide?: boolean;
  children: ReactNode;
}

export function Modal({ open, onOpenChange, title, about, wide = false, children }: ModalProps) {
  const { openerRef, onClosed } = useFocusBack();
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className={veil} />
        <Dialog.Content
          className={`${sheet} ${wide ? "sm:max-w-[30rem] md:max-w-[48rem]" : "sm:max-w-[30rem]"}`}
          onCloseAutoFocus={onClosed}
          {...(about === undefined && { "aria-describedby": undefined })}
        >
          <Opener openerRef={openerRef} />
          <div className="flex items-start justify-between gap-4">
            <Dialog.Title className="pt-1 text-[1.2rem] font-semibold tracking-tight">{title}</Dialog.Title>
            <Dialog.Close asChild>
              <IconButton label="Close" className="-mt-1 -mr-2">
                <X />
              </IconButton>
            </Dialog.Close>
          </div>
          {about !== undefined && (
            <Dialog.Description asChild>
              <div className="mt-1 text-soft">{about}</div>
            </Dialog.Description>
          )}
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface ConfirmProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  about: ReactNode;
  action: string;
  danger?: boolean;
  onConfirm: () => void;
}

export function Confirm({
  open,
  onOpenChange,
  title,
  about,
  action,
  danger = false,
  onConfirm,
}: ConfirmProps) {
  const { openerRef, onClosed } = useFocusBack();
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={veil} />
        <AlertDialog.Content className={`${sheet} sm:max-w-[26rem]`} onCloseAutoFocus={onClosed}>
          <Opener openerRef={openerRef} />
          <AlertDialog.Title className="text-[1.2rem] font-semibold tracking-tight">
            {title}
          </AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="mt-2 text-soft">{about}</div>
          </AlertDialog.Description>
          <div className="mt-6 flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>Cancel</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild onClick={onConfirm}>
              <Button kind={danger ? "danger" : "primary"}>{action}</Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
