/** Whom one follows through the files. */
import { create } from "zustand";
import { reveal } from "../../shell/layout/store";

export const useFollowed = create<{ member: string | undefined }>(() => ({ member: undefined }));

export function followPerson(member: string): void {
  reveal("code");
  useFollowed.setState({ member });
}

export function stopFollowing(): void {
  useFollowed.setState({ member: undefined });
}
